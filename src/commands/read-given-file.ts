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
  if (read.kind === "read") return decoded(read.bytes, what, hint);
  const why = read.kind === "absent" ? "there is no such file" : `it ${read.why}`;
  throw new TailgateError("artifact", `${what} \`${file}\` cannot be read: ${why}.`, hint);
}

/**
 * The same, where `-` names standard input.
 *
 * @throws TailgateError `artifact`
 */
export async function readGivenInput(
  file: string,
  stdin: AsyncIterable<Uint8Array | string>,
  what: string,
  hint: string,
): Promise<string> {
  if (file !== "-") return readGivenFile(file, what, hint);
  const chunks: Buffer[] = [];
  let bytes = 0;
  for await (const chunk of stdin) {
    const part = Buffer.from(chunk as Uint8Array);
    bytes += part.byteLength;
    if (bytes > LARGEST_BYTES)
      throw new TailgateError("artifact", `${what} holds more than ${LARGEST_BYTES} bytes.`, hint);
    chunks.push(part);
  }
  return decoded(Buffer.concat(chunks), what, hint);
}

function decoded(bytes: Uint8Array, what: string, hint: string): string {
  try {
    return new TextDecoder("utf-8", { fatal: true }).decode(bytes);
  } catch (cause) {
    throw new TailgateError("artifact", `${what} is not UTF-8 text.`, hint, { cause });
  }
}
