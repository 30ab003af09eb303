import { readdir } from "node:fs/promises";
import { join } from "node:path";

/** Sources of a checkout, by the classes in them. */
export interface SourceFiles {
  /**
   * @param className - as the JVM writes it: "com/example/Server$Handler"
   * @returns from the checkout's root; `null`: the class is not of this repository
   */
  readonly fileOf: (className: string) => string | null;
}

const SOURCE = /\.(?:java|kt|scala|groovy|clj)$/;
const NOT_OWN = /^(?:\..*|node_modules|target|build|out)$/;
const MOST_FOLDERS = 20_000;

/**
 * Finds the sources in all folders of a checkout. A class is known by the file that a compiler expects it in: its
 * packages as folders, and its outermost class as the file.
 *
 * @param checkout - absolute
 */
export async function readSourceFiles(checkout: string): Promise<SourceFiles> {
  const byName = new Map<string, string[]>();
  const folders = [""];
  for (const folder of folders) {
    const entries = await readdir(join(checkout, folder), { withFileTypes: true }).catch(() => []);
    for (const entry of entries) {
      const path = join(folder, entry.name);
      if (entry.isDirectory() && folders.length < MOST_FOLDERS && !NOT_OWN.test(entry.name)) {
        folders.push(path);
      } else if (entry.isFile() && SOURCE.test(entry.name)) {
        const name = entry.name.replace(SOURCE, "");
        byName.set(name, [...(byName.get(name) ?? []), path]);
      }
    }
  }
  return {
    fileOf(className) {
      const outer = className.split("$", 1)[0]!;
      const packages = outer.split("/");
      const last = packages.pop()!;
      // Functions of a file in Kotlin stand in a class that is called after it.
      for (const name of [last, last.replace(/Kt$/, "")]) {
        const wanted = [...packages, name].join("/");
        const found = byName.get(name)?.find((path) => `/${path.replace(SOURCE, "")}`.endsWith(`/${wanted}`));
        if (found !== undefined) return found;
      }
      return null;
    },
  };
}
