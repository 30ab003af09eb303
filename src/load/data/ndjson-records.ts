import { createReadStream } from "node:fs";
import { createInterface } from "node:readline";
import { isLosslessNumber, parse, stringify } from "lossless-json";
import { BadRecord } from "./data-record.js";

/**
 * One JSON object a line. The keys of the first are the columns, and come as the first record. Numbers keep their digits,
 * a nested value is sent as JSON, and null is sent as nothing.
 */
export async function* ndjsonRecords(path: string): AsyncIterable<readonly string[]> {
  let columns: readonly string[] | null = null;
  let line = 0;
  for await (const text of createInterface({ input: createReadStream(path), crlfDelay: Infinity })) {
    line++;
    const written = line === 1 ? text.replace(/^\uFEFF/, "") : text;
    if (written.trim() === "") continue;
    const row = objectIn(written, line);
    if (columns === null) {
      columns = Object.keys(row);
      yield columns;
    }
    const missing = columns.find((column) => !Object.hasOwn(row, column));
    if (missing !== undefined) throw new BadRecord(`line ${line}`, `a row without \`${missing}\``);
    if (Object.keys(row).length > columns.length) {
      const added = Object.keys(row).find((key) => !columns!.includes(key))!;
      throw new BadRecord(`line ${line}`, `a key \`${added}\` that the first row does not have`);
    }
    yield columns.map((column) => textOf(row[column]));
  }
}

function objectIn(text: string, line: number): Readonly<Record<string, unknown>> {
  let value: unknown;
  try {
    value = parse(text);
  } catch {
    throw new BadRecord(`line ${line}`, "something that is no JSON");
  }
  if (typeof value !== "object" || value === null || Array.isArray(value)) {
    throw new BadRecord(`line ${line}`, "a value that is no object");
  }
  return value as Readonly<Record<string, unknown>>;
}

function textOf(value: unknown): string {
  if (typeof value === "string") return value;
  if (value === null || value === undefined) return "";
  return isLosslessNumber(value) ? value.toString() : (stringify(value) ?? "");
}
