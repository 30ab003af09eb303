import { TailgateError } from "../error.js";
import { readFileBounded } from "../files/read-file.js";

/** No real run comes near: 200 scenarios in 40 blocks are about 30 MB. */
const LARGEST_BYTES = 256 * 1024 ** 2;

/**
 * The text of a file that the command line names.
 *
 * @param what - "The result"
 * @throws TailgateError `artifact`
 */
export function readGivenFile(file: string, what: string, hint: string): string {
  const read = readFileBounded(file, { mostBytes: LARGEST_BYTES, shared: false });
  if (read.kind === "read") return read.bytes.toString("utf8");
  const why = read.kind === "absent" ? "there is no such file" : `it ${read.why}`;
  throw new TailgateError("artifact", `${what} \`${file}\` cannot be read: ${why}.`, hint);
}
