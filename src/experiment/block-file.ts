import { appendFile, readFile } from "node:fs/promises";
import { TailgateError } from "../error.js";
import type { Block } from "./block.js";

/** Writes a block as one line as soon as it ends, so that an interruption loses no finished block. */
export async function appendBlock(file: string, block: Block): Promise<void> {
  await appendFile(file, `${JSON.stringify(block)}\n`, "utf8");
}

/** The finished blocks of a run; a last line cut off by a crash is left out. */
export async function readBlocks(file: string): Promise<Block[]> {
  const lines = (await readFile(file, "utf8")).split("\n");
  const cutOff = lines.pop() ?? "";
  const blocks = lines.map((line, index) => {
    try {
      return JSON.parse(line) as Block;
    } catch (cause) {
      throw new TailgateError(
        "artifact",
        `${file}, line ${index + 1}, is not a block.`,
        "The file is damaged; use the one that the run wrote.",
        { cause },
      );
    }
  });
  return cutOff === "" ? blocks : [...blocks, ...completeBlock(cutOff)];
}

function completeBlock(line: string): Block[] {
  try {
    return [JSON.parse(line) as Block];
  } catch {
    return [];
  }
}
