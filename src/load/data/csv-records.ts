import { createReadStream } from "node:fs";
import { CsvError, parse } from "csv-parse";
import { BadRecord } from "./data-record.js";

/** A record longer than this is taken for a quote that nobody closed. */
const LONGEST_RECORD = 1 << 20;

/** Records of RFC 4180: quoted or not, with any line end, with or without a byte order mark. The first names the columns. */
export async function* csvRecords(path: string, delimiter: string): AsyncIterable<readonly string[]> {
  const bytes = createReadStream(path);
  const parser = bytes.pipe(
    parse({ bom: true, delimiter, skip_empty_lines: true, max_record_size: LONGEST_RECORD }),
  );
  bytes.on("error", (error) => parser.destroy(error));
  try {
    yield* parser as AsyncIterable<readonly string[]>;
  } catch (error) {
    throw error instanceof CsvError ? explained(error) : error;
  } finally {
    bytes.destroy();
  }
}

function explained(error: CsvError): BadRecord {
  const line = `line ${String(error["lines"])}`;
  switch (error.code) {
    case "CSV_RECORD_INCONSISTENT_FIELDS_LENGTH": {
      const { length } = error["record"] as readonly string[];
      return new BadRecord(line, `a row of ${length} values that does not fit its columns`);
    }
    case "CSV_QUOTE_NOT_CLOSED":
    case "CSV_MAX_RECORD_SIZE":
      return new BadRecord(line, "a quote that is not closed, or a record of more than 1 MiB");
    default:
      return new BadRecord(line, `something that is no CSV: ${error.message}`);
  }
}
