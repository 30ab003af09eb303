import { appendFile, rename, rm, stat, truncate, writeFile } from "node:fs/promises";

import { writingAt } from "../error.js";

/**
 * Writes a file as a whole: where that fails, or we are killed meanwhile, what was there before stands.
 *
 * @throws TailgateError `disk` when there is no room, "config" where this user cannot write
 */
export async function replaceFile(path: string, content: string | Uint8Array): Promise<void> {
  const unfinished = `${path}.unfinished`;
  try {
    await writingAt(path, async () => {
      await writeFile(unfinished, content);
      await rename(unfinished, path);
    });
  } catch (error) {
    await rm(unfinished, { force: true }).catch(() => undefined); // What stood in the way may still.
    throw error;
  }
}

/**
 * Adds a line to a file; where there is no room for all of it, none of it stays.
 *
 * @throws TailgateError `disk` when there is no room, "config" where this user cannot write
 */
export async function appendLine(path: string, line: string): Promise<void> {
  const sizeBefore = await stat(path).then(
    ({ size }) => size,
    () => 0,
  );
  try {
    await writingAt(path, () => appendFile(path, `${line}\n`));
  } catch (error) {
    await truncate(path, sizeBefore).catch(() => undefined); // It may not even have been made.
    throw error;
  }
}
