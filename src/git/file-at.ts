import type { Git } from "./git.js";

/**
 * A file as a commit holds it.
 *
 * @param path - from the root of the repository, with "/"
 * @returns its bytes, or `null` when the commit has no such file
 */
export async function fileAt(git: Git, sha: string, path: string): Promise<Uint8Array | null> {
  const output = await git(["cat-file", "blob", `${sha}:${path}`]);
  return output.code === 0 ? Buffer.from(output.stdout, "utf8") : null;
}
