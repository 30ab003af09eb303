import { readFileSync, statSync } from "node:fs";
import { fileURLToPath, pathToFileURL } from "node:url";

const LARGEST_MAP_BYTES = 16 * 1024 * 1024;

/** A source map as text, and the URL from which its sources count. */
export interface SourceMapText {
  readonly url: string;
  readonly text: string;
}

/**
 * The source map that a script names: within its own URL, or in a file beside it. `null` where there is none, or where
 * it is too large.
 *
 * @param scriptUrl - a `file:` URL, or a path
 */
export function readSourceMap(sourceMapUrl: string, scriptUrl: string): SourceMapText | null {
  try {
    const script = scriptUrl.startsWith("/") ? pathToFileURL(scriptUrl).href : scriptUrl;
    if (sourceMapUrl.startsWith("data:")) {
      const text = decoded(sourceMapUrl);
      return text === null ? null : { url: script, text };
    }
    const { href } = new URL(sourceMapUrl, script);
    const file = fileURLToPath(href);
    if (statSync(file).size > LARGEST_MAP_BYTES) return null;
    return { url: href, text: readFileSync(file, "utf8") };
  } catch {
    return null;
  }
}

function decoded(url: string): string | null {
  const comma = url.indexOf(",");
  if (comma === -1 || url.length > 2 * LARGEST_MAP_BYTES) return null;
  const data = url.slice(comma + 1);
  return /;base64$/i.test(url.slice(0, comma))
    ? Buffer.from(data, "base64").toString("utf8")
    : decodeURIComponent(data);
}
