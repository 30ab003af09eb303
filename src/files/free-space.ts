import { statfsSync } from "node:fs";

import { diskFull } from "../error.js";

/** With less than this nothing useful can be written. */
const NO_ROOM_BYTES = 64 * 1024;

/** Whether the disk of a folder is full; `false` where it cannot be told. */
export function isDiskOfFull(folder: string): boolean {
  try {
    const { bsize, bavail, bfree, files, ffree } = statfsSync(folder);
    // Some room is kept for root.
    const blocks = process.getuid?.() === 0 ? bfree : bavail;
    return blocks * bsize < NO_ROOM_BYTES || (files > 0 && ffree === 0);
  } catch {
    return false;
  }
}

/** @throws TailgateError `disk` when the disk of a folder is full: what one arm filled, the other lacks as well. */
export function requireFreeSpace(folder: string): void {
  if (isDiskOfFull(folder)) throw diskFull(folder);
}
