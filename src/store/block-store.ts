import { type Block, block } from "../model/block.js";
import { lineStore } from "./line-store.js";
import type { Store } from "./store.js";

/**
 * Blocks in a file, each written as soon as it ends, so that an interruption loses no finished block.
 *
 * @param hint - what to do where the file holds something else
 */
export function blockStore(file: string, hint: string): Store<Block> {
  return lineStore(file, {
    schema: block,
    // Blocks of several machines or days may have one index: none of them began in the same millisecond with it.
    identityOf: ({ startedAt, index, attempt }) => `${startedAt} ${index} ${attempt}`,
    name: "a block",
    hint,
  });
}
