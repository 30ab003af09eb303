import { fileURLToPath } from "node:url";
import { originalPositionFor, TraceMap, traceSegment } from "@jridgewell/trace-mapping";
import type { ProfiledFunction } from "../../model/profile.js";
import { placeOfFile, RUNTIME, type FilePlace } from "../place-function.js";
import type { SourceMaps } from "./agent/node-profiler.js";

/** A function as V8 tells of it; line and column from 0. */
export interface V8Function {
  readonly name: string;
  readonly url: string;
  readonly line: number;
  readonly column: number;
  /** Of its script; "0" where it has none. */
  readonly scriptId: string;
}

/** Made at run time, as by `new Function`: there is no file to show. */
const GENERATED: FilePlace = { origin: "dependency", file: "generated code" };

/**
 * Names the functions of V8 by the files that people wrote: through source maps, from the checkout's root or from a
 * package's folder.
 *
 * @param checkout - absolute, without links
 */
export function scriptPlacer(
  checkout: string,
  sourceMaps: SourceMaps,
): (found: V8Function) => ProfiledFunction {
  const maps = new Map<string, TraceMap | null>();
  const mapOf = (url: string): TraceMap | null => {
    if (!maps.has(url)) maps.set(url, parsedMap(url, sourceMaps));
    return maps.get(url)!;
  };
  return ({ name, url, line, column, scriptId }) => {
    const map = url === "" ? null : mapOf(url);
    const original =
      map === null ? null : originalPositionFor(map, { line: line + 1, column: Math.max(0, column) });
    if (original?.source != null) {
      const { source } = original;
      const written = name.length <= LONGEST_SHORTENED ? nameBefore(name, map!, line, column) : null;
      return { name: written ?? name, line: original.line, ...placeOfUrl(source, scriptId, checkout) };
    }
    return { name, line: line < 0 ? null : line + 1, ...placeOfUrl(url, scriptId, checkout) };
  };
}

function parsedMap(url: string, sourceMaps: SourceMaps): TraceMap | null {
  const map = Object.hasOwn(sourceMaps, url) ? sourceMaps[url]! : null;
  if (map === null) return null;
  try {
    return new TraceMap(map.text, map.url);
  } catch {
    // The compiled file is shown instead.
    return null;
  }
}

/** Minifiers leave so many letters; a longer name was written by somebody. */
const LONGEST_SHORTENED = 3;

/**
 * The name in the source of a function whose name a minifier has shortened. V8 gives the place of `function` or of its
 * parameters, and the name stands a fixed way from either.
 */
function nameBefore(name: string, map: TraceMap, line: number, column: number): string | null {
  const places = [
    column,
    column - name.length,
    column - name.length - 1,
    column + "function ".length,
    column + "async function ".length,
  ];
  for (const place of places) {
    const segment = place < 0 ? null : traceSegment(map, line, place);
    if (segment?.length === 5 && segment[0] === place) return map.names[segment[4]] ?? null;
  }
  return null;
}

function placeOfUrl(url: string, scriptId: string, checkout: string): FilePlace {
  const path = pathOf(url, checkout);
  if (path !== null) return placeOfFile(path, checkout);
  return url === "" && scriptId !== "0" ? GENERATED : RUNTIME;
}

function pathOf(url: string, checkout: string): string | null {
  if (url.startsWith("/")) return url;
  // Bundlers name sources so: webpack://package/./src/server.ts
  const bundled = /^[a-z]+:\/\/[^/]*\/\.\/(.+)$/.exec(url);
  if (bundled && !url.startsWith("file:")) return `${checkout}/${bundled[1]!}`;
  if (!url.startsWith("file:")) return null;
  try {
    return fileURLToPath(url);
  } catch {
    return null;
  }
}
