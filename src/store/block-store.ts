import { appendLine } from "../files/atomic-write.js";
import type { Block } from "../model/block.js";

/**
 * Writes a block as one line as soon as it ends, so that an interruption loses no finished block.
 *
 * @throws TailgateError `disk` when there is no room; the blocks before it stay whole
 */
export async function appendBlock(file: string, block: Block): Promise<void> {
  await appendLine(file, JSON.stringify(block));
}
