import { mkdirSync, statSync } from "node:fs";
import { dirname } from "node:path";

/**
 * Makes a folder with those above it; one that is there already is as good.
 *
 * Node's own way, with `recursive`, never comes to an end on systems where nobody can make folders, such as /proc: there
 * a missing folder is all that it is told, although the one above is there.
 *
 * @throws the system's error
 */
export function makeFolder(path: string): void {
  try {
    mkdirSync(path);
  } catch (error) {
    switch ((error as NodeJS.ErrnoException).code) {
      case "EEXIST":
        if (statSync(path, { throwIfNoEntry: false })?.isDirectory() === true) return;
        throw error;
      case "ENOENT":
        if (dirname(path) === path) throw error;
        makeFolder(dirname(path));
        mkdirSync(path);
        return;
      default:
        throw error;
    }
  }
}
