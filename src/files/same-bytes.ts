import { createReadStream } from "node:fs";
import { stat } from "node:fs/promises";

/** Whether two files hold the same, without reading either whole into memory. */
export async function sameBytes(path: string, other: string): Promise<boolean> {
  if ((await stat(path)).size !== (await stat(other)).size) return false;
  const pieces = createReadStream(other)[Symbol.asyncIterator]() as AsyncIterator<Buffer, undefined>;
  try {
    for await (const piece of createReadStream(path) as AsyncIterable<Buffer>) {
      const next = await pieces.next();
      // Both streams read pieces of one size.
      if (next.done === true || !piece.equals(next.value)) return false;
    }
    return true;
  } finally {
    await pieces.return?.();
  }
}
