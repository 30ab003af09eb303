import { createWriteStream } from "node:fs";
import { stat } from "node:fs/promises";
import { pipeline } from "node:stream/promises";
import { TailgateError, writingAt } from "../../error.js";
import { csvRecords } from "./csv-records.js";
import { BadRecord } from "./data-record.js";
import { ndjsonRecords } from "./ndjson-records.js";

/** A data file as the generator reads it: the names of its columns, then each row, a JSON array of texts a line. */
export interface Table {
  readonly columns: readonly string[];
  readonly rows: number;
}

const ENDINGS: Readonly<Record<string, (path: string) => AsyncIterable<readonly string[]>>> = {
  csv: (path) => csvRecords(path, ","),
  tsv: (path) => csvRecords(path, "\t"),
  ndjson: ndjsonRecords,
  jsonl: ndjsonRecords,
};

/**
 * Checks a data file and writes it as a table, record by record: neither is ever whole in memory.
 *
 * @param name - how the user calls it; its ending tells the format
 * @throws TailgateError "config" that names the line of what is wrong
 */
export async function tabulate(source: string, name: string, to: string): Promise<Table> {
  const ending = /\.([^.]+)$/.exec(name)?.[1]?.toLowerCase() ?? "";
  const records = Object.hasOwn(ENDINGS, ending) ? ENDINGS[ending]! : null;
  if (records === null) {
    throw new TailgateError(
      "config",
      `\`${name}\` is no data file that can be read.`,
      `Its name ends with one of: ${Object.keys(ENDINGS).join(", ")}.`,
    );
  }
  const { size } = await stat(source);
  if (size === 0) throw unusable(name, "is empty");
  if (size > MOST_DATA_BYTES) throw tooLong(name, size);
  const table: { columns: readonly string[]; rows: number } = { columns: [], rows: 0 };
  const lines = async function* (): AsyncIterable<string> {
    let piece = "";
    for await (const values of records(source)) {
      if (table.columns.length === 0) table.columns = checkedColumns(values);
      else table.rows++;
      checkText(values, table.rows);
      piece += `${JSON.stringify(values)}\n`;
      if (piece.length < PIECE_CHARACTERS) continue;
      yield piece;
      piece = "";
    }
    yield piece;
  };
  try {
    await writingAt(to, () => pipeline(lines, createWriteStream(to)));
  } catch (error) {
    throw error instanceof BadRecord ? unusable(name, `has ${error.message} (${error.where})`) : error;
  }
  if (table.rows === 0) throw unusable(name, "has no rows");
  return table;
}

/** No run sends so many rows, and reading more would take minutes. */
export const MOST_DATA_BYTES = 256 * 1024 * 1024;

/** @param size - in bytes */
export function tooLong(name: string, size: number): TailgateError {
  return new TailgateError(
    "config",
    `\`${name}\` has ${size} bytes, and at most ${MOST_DATA_BYTES} are read.`,
    "A part of it is enough: a run sends about a million requests at most.",
  );
}

/** Written at a time. */
const PIECE_CHARACTERS = 1 << 16;

function checkedColumns(values: readonly string[]): readonly string[] {
  const columns = values.map((column) => column.trim());
  const twice = columns.find((column, index) => columns.indexOf(column) !== index);
  if (columns.includes("")) throw new BadRecord("names of the columns", "a column without a name");
  if (twice !== undefined) throw new BadRecord("names of the columns", `two columns called \`${twice}\``);
  return columns;
}

/** What is no UTF-8 is read as U+FFFD, and would be sent so. */
function checkText(values: readonly string[], row: number): void {
  if (values.some((value) => value.includes("\uFFFD")))
    throw new BadRecord(`row ${row}`, "bytes that are no UTF-8");
}

function unusable(name: string, what: string): TailgateError {
  return new TailgateError(
    "config",
    `\`${name}\` cannot be used: it ${what}.`,
    "A data file names its columns first, and every row has a value for each of them.",
  );
}
