import type { Snapshot } from "../snapshot.js";

/** What `tsc` makes of a source file. */
export interface TypescriptOutput {
  /** Path of the JavaScript that comes of a source file. */
  of(source: string): string;
}

/** By tsconfig.json; `null` where it does not say where the output goes, or there is none. */
export function typescriptOutput({ texts, paths }: Snapshot): TypescriptOutput | null {
  const config = ["tsconfig.build.json", "tsconfig.json"].map((name) => plain(texts.get(name) ?? ""));
  const setting = (name: string): string | null =>
    config.flatMap((text) => new RegExp(`"${name}"\\s*:\\s*"([^"\\n]{1,200})"`).exec(text)?.[1] ?? [])[0] ??
    null;
  if (config.some((text) => /"noEmit"\s*:\s*true/.test(text))) return null;
  const out = setting("outDir");
  if (out === null) return null;
  const root = folder(setting("rootDir") ?? commonFolder(paths));
  return {
    of: (source) => {
      const inside = source.startsWith(root) ? source.slice(root.length) : source;
      return `${folder(out)}${inside.replace(/\.([cm]?)tsx?$/, ".$1js")}`;
    },
  };
}

/** Without comments; what stands in quotes stays. */
function plain(text: string): string {
  return text.replace(/"(?:[^"\\\n]|\\.){0,1000}"|\/\/[^\n]*|\/\*[^*]*\*+(?:[^/*][^*]*\*+)*\//g, (part) =>
    part.startsWith('"') ? part : "",
  );
}

/** As tsc does without `rootDir`: the folder that all sources have in common. */
function commonFolder(paths: readonly string[]): string {
  const sources = paths.filter(
    (path) => /(?<!\.d)\.[cm]?tsx?$/.test(path) && !/^(tests?|__tests__|e2e)\//.test(path),
  );
  return sources.length > 0 && sources.every((path) => path.startsWith("src/")) ? "src" : "";
}

function folder(path: string): string {
  const plainPath = path.replace(/^\.\//, "").replace(/\/+$/, "");
  return plainPath === "" || plainPath === "." ? "" : `${plainPath}/`;
}
