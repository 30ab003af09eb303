import { readdir } from "node:fs/promises";
import { dirname, join } from "node:path";
import type { ArtifactFiles } from "./artifact.js";

/** Everything in the folder of a result: reports, raw observations, logs. */
export async function artifactFilesOf(resultJson: string): Promise<ArtifactFiles> {
  const root = dirname(resultJson);
  const entries = await readdir(root, { withFileTypes: true, recursive: true });
  const files = entries.filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, entry.name));
  return { root, files: files.sort() };
}
