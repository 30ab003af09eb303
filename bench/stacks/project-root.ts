import { readFileSync } from "node:fs";
import { dirname, join } from "node:path";

/** The project's root: benches run from a bundle in another folder, tests from where they are written. */
export const PROJECT_ROOT = rootAbove(import.meta.dirname);

function rootAbove(folder: string): string {
  if (isProject(folder)) return folder;
  const parent = dirname(folder);
  if (parent === folder) throw new Error(`${import.meta.dirname} is not inside of the project`);
  return rootAbove(parent);
}

function isProject(folder: string): boolean {
  try {
    const { name } = JSON.parse(readFileSync(join(folder, "package.json"), "utf8")) as { name?: string };
    return name === "tailgate";
  } catch {
    return false;
  }
}
