import { appendFile } from "node:fs/promises";
import type { Block } from "./block.js";

/** Writes a block as one line as soon as it ends, so that an interruption loses no finished block. */
export async function appendBlock(file: string, block: Block): Promise<void> {
  await appendFile(file, `${JSON.stringify(block)}\n`, "utf8");
}
