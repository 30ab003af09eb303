import { existsSync } from "node:fs";
import type { FunctionOrigin, ProfiledFunction } from "../model/profile.js";

/** Whose a file is, and how it is called in reports. */
export interface FilePlace {
  readonly origin: FunctionOrigin;
  readonly file: string | null;
}

/** The runtime's own code, which has no file that a reader could open. */
export const RUNTIME: FilePlace = { origin: "runtime", file: null };

/** Folders that hold packages, for Node.js and Python. */
const PACKAGES = /^.*\/(?:node_modules|site-packages|dist-packages)\//;
/** A repository that is a Python package itself is installed among the others, under the path that it is imported by. */
const PYTHON_PACKAGES = /^.*\/(?:site|dist)-packages\//;
const FOLDERS_OF_MODULES = ["", "src/"];
const SHOWN_SEGMENTS = 3;

/**
 * Whose a file is.
 *
 * @param path - absolute
 * @param checkout - absolute, without links
 * @param has - whether a file is there
 */
export function placeOfFile(
  path: string,
  checkout: string,
  has: (path: string) => boolean = existsSync,
): FilePlace {
  if (PACKAGES.test(path)) {
    const file = path.replace(PACKAGES, "");
    const folders = PYTHON_PACKAGES.test(path) ? FOLDERS_OF_MODULES : [];
    const own = folders.map((folder) => `${folder}${file}`).find((one) => has(`${checkout}/${one}`));
    return own === undefined ? { origin: "dependency", file } : { origin: "repository", file: own };
  }
  if (path.startsWith(`${checkout}/`)) return { origin: "repository", file: path.slice(checkout.length + 1) };
  return { origin: "dependency", file: path.split("/").filter(Boolean).slice(-SHOWN_SEGMENTS).join("/") };
}

/** Names are made by compilers as well as by people. */
const LONGEST_NAME = 500;
const LONGEST_FILE = 1000;

/** Functions that are met again and again, each of them once. */
export class FunctionTable {
  readonly functions: ProfiledFunction[] = [];
  readonly #places = new Map<string, number>();

  /** Its place among `functions`. */
  placeOf(found: ProfiledFunction): number {
    const { line, origin } = found;
    const name = found.name.slice(0, LONGEST_NAME);
    const file = found.file?.slice(0, LONGEST_FILE) ?? null;
    const key = `${origin}\0${file ?? ""}\0${line ?? ""}\0${name}`;
    const known = this.#places.get(key);
    if (known !== undefined) return known;
    const place = this.functions.length;
    this.functions.push({ name, file, line, origin });
    this.#places.set(key, place);
    return place;
  }
}
