import { open } from "node:fs/promises";
import { join } from "node:path";

import { TailgateError } from "../error.js";
import { lastWords, type Git } from "./git.js";

/** How a file begins that stands for a large one. Source: git-lfs, docs/spec.md. */
const POINTER = "version https://git-lfs.github.com/spec/v1\n";

export interface LargeFileOptions {
  /** The user's work tree. */
  readonly root: string;
  readonly folder: string;
  readonly inside: Git;
  /** Arguments that lend a command what reaches the remote; none for a submodule, which has its own. */
  readonly lend?: readonly string[];
}

/**
 * Fetches large files (LFS) where the user's own checkout has them. Where it holds pointers, as with actions/checkout's
 * `lfs: false`, pointers are what the user wants.
 *
 * @throws TailgateError `revision` if they are wanted and cannot be had: a service that reads pointers would be measured
 * doing something else.
 */
export async function bringLargeFiles({ root, folder, inside, lend = [] }: LargeFileOptions): Promise<void> {
  const missing = await pointersAmong(folder, await largeFiles(inside));
  if (missing.length === 0) return;
  const wanted: string[] = [];
  for (const path of missing) if ((await isPointer(join(root, path))) === false) wanted.push(path);
  if (wanted.length === 0) return;

  const pulled = await inside([...lend, "lfs", "pull"]);
  const still = await pointersAmong(folder, wanted);
  if (still.length === 0) return;
  throw new TailgateError(
    "revision",
    `${still.length} LFS file${still.length === 1 ? "" : "s"} could not be fetched, such as ${JSON.stringify(still[0])}: ${lastWords(pulled)}`,
    "Install git-lfs and check out with `with: { lfs: true }`; files that differ between base and head come from the remote, and may need its credentials.",
  );
}

/** Tracked files whose attributes hand them to LFS. */
async function largeFiles(inside: Git): Promise<string[]> {
  // Most repositories have no such attribute anywhere: one cheap question spares asking about every file.
  const used = await inside([
    "grep",
    "--cached",
    "--quiet",
    "-e",
    "filter=lfs",
    "--",
    ":(glob)**/.gitattributes",
  ]);
  if (used.code !== 0) return [];
  const files = await inside(["ls-files", "-z"]);
  const asked = await inside(["check-attr", "-z", "--stdin", "filter"], { input: files.stdout });
  const fields = asked.stdout.split("\0");
  const large: string[] = [];
  for (let i = 0; i + 2 < fields.length; i += 3) if (fields[i + 2] === "lfs") large.push(fields[i]!);
  return large;
}

async function pointersAmong(folder: string, paths: readonly string[]): Promise<string[]> {
  const pointers: string[] = [];
  for (const path of paths) if ((await isPointer(join(folder, path))) === true) pointers.push(path);
  return pointers;
}

/** `null` if there is no such file. */
async function isPointer(path: string): Promise<boolean | null> {
  const file = await open(path).catch(() => null);
  if (file === null) return null;
  try {
    const { buffer, bytesRead } = await file.read(Buffer.alloc(POINTER.length), 0, POINTER.length, 0);
    return buffer.subarray(0, bytesRead).toString("latin1") === POINTER;
  } finally {
    await file.close();
  }
}
