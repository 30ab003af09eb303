import { join } from "node:path";
import type { Place } from "./place.js";

/** Those of the files, by their paths from the root, that git ignores and would not commit unasked. */
export async function ignoredFiles({ root, git }: Place, paths: readonly string[]): Promise<string[]> {
  if (git === null || paths.length === 0) return [];
  const input = paths.map((path) => `${join(root, path)}\0`).join("");
  const { stdout } = await git(["check-ignore", "-z", "--stdin"], { input });
  const ignored = new Set(stdout.split("\0"));
  return paths.filter((path) => ignored.has(join(root, path)));
}
