import { runTool } from "../run-tool.js";
import type { ObjectFile } from "./object-file.js";

/** A function at a place in its code. */
interface SourcePlace {
  readonly name: string;
  /** As the compiler wrote it, mostly absolute. */
  readonly file: string | null;
  readonly line: number | null;
}

/** Of addresses in one object file: the functions there, the innermost first, those around it that it was put into after it. */
export type SourceLines = ReadonlyMap<number, readonly SourcePlace[]>;

const WITHIN_MS = 30_000;

/**
 * Asks the tools of the compilers for files and lines: `go tool addr2line` for Go, `addr2line` of binutils for what has
 * DWARF. Where the tool is missing or fails, nothing is known, and functions keep the names of the symbol table.
 *
 * @param path - of the object file
 * @param addresses - as it is linked
 */
export async function readSourceLines(
  path: string,
  { isGo, hasLines }: ObjectFile,
  addresses: ReadonlySet<number>,
): Promise<SourceLines> {
  if (addresses.size === 0 || (!isGo && !hasLines)) return new Map();
  const asked = [...addresses];
  const input = asked.map((address) => `0x${address.toString(16)}\n`).join("");
  const [tool, ...flags] = isGo
    ? (["go", "tool", "addr2line", path] as const)
    : (["addr2line", "--addresses", "--functions", "--inlines", "--demangle", `--exe=${path}`] as const);
  const run = await runTool(tool, flags, { input, withinMs: WITHIN_MS });
  if (run.kind !== "done") return new Map();
  return isGo ? parseGoLines(run.output, asked) : parseInlinedLines(run.output);
}

/** Two lines for each address, in their order: the function, and "file:line". */
export function parseGoLines(text: string, asked: readonly number[]): SourceLines {
  const lines = text.split("\n");
  return new Map(
    asked.flatMap((address, index): [number, readonly SourcePlace[]][] => {
      const found = sourcePlace(lines[2 * index], lines[2 * index + 1]);
      return found === null ? [] : [[address, [found]]];
    }),
  );
}

/** The address, and after it two lines for each function that stands there, the innermost first. */
export function parseInlinedLines(text: string): SourceLines {
  const found = new Map<number, SourcePlace[]>();
  const lines = text.split("\n");
  let places: SourcePlace[] = [];
  for (let at = 0; at < lines.length;) {
    const address = /^0x([0-9a-f]+)$/.exec(lines[at]!)?.[1];
    if (address !== undefined) {
      places = [];
      found.set(parseInt(address, 16), places);
      at++;
      continue;
    }
    const place = sourcePlace(lines[at], lines[at + 1]);
    if (place !== null) places.push(place);
    at += 2;
  }
  return found;
}

function sourcePlace(name: string | undefined, where: string | undefined): SourcePlace | null {
  if (name === undefined || name === "" || name === "?" || name === "??") return null;
  // "/src/main.rs:21", "/src/main.rs:21 (discriminator 3)", "??:0", "??:?"
  const [, file, line] = /^(.+):(\d+|\?)(?: \(discriminator \d+\))?$/.exec(where ?? "") ?? [];
  const isKnown = file !== undefined && !file.startsWith("?");
  return { name, file: isKnown ? file : null, line: isKnown && Number(line) > 0 ? Number(line) : null };
}
