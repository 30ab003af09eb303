import { openSync, readSync } from "node:fs";
import type { Rows } from "../requests/varied-values.js";
import { rowOrder } from "./row-order.js";

const PIECE_BYTES = 1 << 20;
const LINE_FEED = 10;

/**
 * A table that `tabulate` wrote. Only where its rows begin is in memory, 12 bytes a row; a row is read when it is sent.
 */
export class TableRows implements Rows {
  readonly columns: readonly string[];
  readonly #file: number;
  /** Where each row begins, and where the last one ends. */
  readonly #offsets: Float64Array;
  readonly #order: Uint32Array;

  constructor(path: string, seed: number) {
    this.#file = openSync(path, "r");
    const lines = lineStarts(this.#file);
    this.#offsets = lines.subarray(1);
    this.columns = this.#read(lines[0]!, lines[1]!);
    this.#order = rowOrder(this.#offsets.length - 1, seed);
  }

  at(number: number): readonly string[] {
    const row = this.#order[number % this.#order.length]!;
    return this.#read(this.#offsets[row]!, this.#offsets[row + 1]!);
  }

  #read(from: number, to: number): readonly string[] {
    const bytes = Buffer.allocUnsafe(to - from);
    readSync(this.#file, bytes, 0, bytes.length, from);
    return JSON.parse(bytes.toString("utf8")) as readonly string[];
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
