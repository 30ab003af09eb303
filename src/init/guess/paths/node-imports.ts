import { findAll, type Snapshot } from "../snapshot.js";

/** Which file a name of a source file comes from. */
export interface Imports {
  /** `null` where the name is the file's own, or a package's. */
  file(path: string, name: string): string | null;
  /** "./users" as it is written in a file -> path; `null` where there is no such file. */
  resolve(path: string, written: string): string | null;
}

const IMPORT =
  /\bimport\s+(?:type\s+)?([^;"'()]{1,500}?)\s+from\s+["']([^"'\n]{1,200})["']|\b(?:const|let|var)\s+([^;=()]{1,300}?)\s*=\s*(?:await\s+)?(?:require|import)\(\s*["']([^"'\n]{1,200})["']\s*\)/g;

export function imports(snapshot: Snapshot, sources: readonly string[]): Imports {
  const files = new Set(snapshot.paths);
  const resolve = (path: string, written: string): string | null => {
    const start = startOf(path, written);
    if (start === null) return null;
    const plain = start.replace(/\.[cm]?js$/, "");
    const candidates = [start, ...ENDINGS.map((ending) => `${plain}${ending}`)];
    return candidates.find((one) => files.has(one) && /\.[cm]?[jt]s$/.test(one)) ?? null;
  };
  const known = new Map<string, string>();
  for (const { path, match } of findAll(snapshot, sources, IMPORT)) {
    const file = resolve(path, match[2] ?? match[4]!);
    if (file === null) continue;
    for (const name of namesIn(match[1] ?? match[3]!)) known.set(`${path} ${name}`, file);
  }
  return { resolve, file: (path, name) => known.get(`${path} ${name}`) ?? null };
}

const ENDINGS = [".ts", ".js", ".mts", ".mjs", ".cjs", "/index.ts", "/index.js"];

function startOf(path: string, written: string): string | null {
  // `@/` and `~/` are what templates map to their sources.
  if (/^[@~]\//.test(written)) return `src/${written.slice(2)}`;
  if (!written.startsWith(".")) return null;
  const parts = path.split("/").slice(0, -1);
  for (const part of written.split("/")) {
    if (part === "..") parts.pop();
    else if (part !== "." && part !== "") parts.push(part);
  }
  return parts.join("/");
}

/** `users, { orders as o, items }` -> users, o, items. */
function namesIn(clause: string): string[] {
  return clause.split(/[,{}]/).flatMap((part) => /(\w+)\s*$/.exec(part)?.[1] ?? []);
}
