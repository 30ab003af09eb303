import { createHash } from "node:crypto";

import { readFileBounded } from "../../files/read-file.js";

/** A larger file is not compared by content. */
const LARGEST_BYTES = 512 * 1024 * 1024;

/**
 * Files with further names elsewhere. What head's package manager installs gives the same file one more name, which
 * changes its change time as writing does: only its content tells the two apart.
 */
export class LinkedFiles {
  readonly #contents: ReadonlyMap<string, string | null>;

  /** @param paths absolute */
  constructor(paths: Iterable<string>) {
    this.#contents = new Map(Array.from(paths, (path) => [path, contentOf(path)]));
  }

  /** Whether a file whose stamp went from one to the other has got or lost names, and is otherwise as it was. */
  hasOtherNames(path: string, before: string | undefined, after: string | null): boolean {
    if (before === undefined || after === null || !this.#contents.has(path)) return false;
    const content = this.#contents.get(path);
    return withoutNames(before) === withoutNames(after) && content !== null && contentOf(path) === content;
  }
}

/** A stamp without the number of names and the time of change. */
function withoutNames(stamp: string): string {
  return stamp.split(":").slice(0, 4).join(":");
}

/** A digest; `null` where there is no file to read, or a larger one. */
export function contentOf(path: string): string | null {
  // Head may have put anything there.
  const read = readFileBounded(path, { mostBytes: LARGEST_BYTES, shared: false });
  return read.kind === "read" ? createHash("sha256").update(read.bytes).digest("hex") : null;
}
