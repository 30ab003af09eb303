import { openSync, readFileSync, readSync } from "node:fs";
import type { Rows } from "../requests/varied-values.js";
import { rowOrder } from "./row-order.js";

const PIECE_BYTES = 1 << 20;
const LINE_FEED = 10;

/** A table up to this size is in memory: reading a row takes longer than all else that is done for it. */
const MOST_IN_MEMORY_BYTES = 8 * 1024 * 1024;

/** A table that `tabulate` wrote. Of a large one only where its rows begin is in memory, 12 bytes a row. */
export class TableRows implements Rows {
  readonly columns: readonly string[];
  readonly #file: number;
  /** `null`: a row is read when it is sent. */
  readonly #whole: Buffer | null;
  /** Where each row begins, and where the last one ends. */
  readonly #offsets: Float64Array;
  readonly #order: Uint32Array;

  constructor(path: string, seed: number) {
    this.#file = openSync(path, "r");
    const lines = lineStarts(this.#file);
    this.#whole = lines.at(-1)! <= MOST_IN_MEMORY_BYTES ? readFileSync(this.#file) : null;
    this.#offsets = lines.subarray(1);
    this.columns = this.#read(lines[0]!, lines[1]!);
    this.#order = rowOrder(this.#offsets.length - 1, seed);
  }

  at(number: number): readonly string[] {
    const row = this.#order[number % this.#order.length]!;
    return this.#read(this.#offsets[row]!, this.#offsets[row + 1]!);
  }

  #read(from: number, to: number): readonly string[] {
    return JSON.parse(this.#bytes(from, to).toString("utf8")) as readonly string[];
  }

  #bytes(from: number, to: number): Buffer {
    if (this.#whole !== null) return this.#whole.subarray(from, to);
    const bytes = Buffer.allocUnsafe(to - from);
    readSync(this.#file, bytes, 0, bytes.length, from);
    return bytes;
  }
}

/** Where each line of a file begins, and where the last one ends. */
function lineStarts(file: number): Float64Array {
  let starts = new Float64Array(1024);
  let count = 1;
  const piece = Buffer.allocUnsafe(PIECE_BYTES);
  for (let at = 0; ;) {
    const length = readSync(file, piece, 0, PIECE_BYTES, at);
    if (length === 0) return starts.slice(0, count);
    const read = piece.subarray(0, length);
    for (let end = read.indexOf(LINE_FEED); end >= 0; end = read.indexOf(LINE_FEED, end + 1)) {
      if (count === starts.length) {
        const longer = new Float64Array(2 * count);
        longer.set(starts);
        starts = longer;
      }
      starts[count++] = at + end + 1;
    }
    at += length;
  }
}
