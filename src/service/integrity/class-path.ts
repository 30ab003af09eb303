import { readdirSync, type Dirent } from "node:fs";
import { join, resolve } from "node:path";

/** Of a class path's folders so many files are looked at; a service of one's own has far fewer. */
const MOST_CLASSES = 5_000;
const OPTION = /^(-cp|-classpath|--class-path|-p|--module-path)$/;
const WITH_VALUE = /^(?:--class-path|--module-path)=(.*)$/s;

/**
 * Classes and archives that a Java service may load: the JVM reads classes from folders without holding or mapping them, so
 * that only its class path tells.
 *
 * @param words - of its command line
 * @param environment - `CLASSPATH` counts where the command line names none
 * @param cwd - what relative entries count from
 * @returns absolute paths of files
 */
export function classPathFiles(
  words: readonly string[],
  environment: Readonly<Record<string, string | undefined>>,
  cwd: string,
): string[] {
  const named = words.flatMap((word, at) => {
    const value = OPTION.test(word) ? words[at + 1] : WITH_VALUE.exec(word)?.[1];
    return value === undefined ? [] : [value];
  });
  const paths = named.length > 0 ? named : [environment["CLASSPATH"] ?? ""];
  const files: string[] = [];
  for (const entry of paths.flatMap((path) => path.split(":")).filter((one) => one !== "")) {
    if (entry.endsWith("/*")) addFiles(resolve(cwd, entry.slice(0, -2)), /\.jar$/i, false, files);
    else if (/\.(jar|zip)$/i.test(entry)) files.push(resolve(cwd, entry));
    else addFiles(resolve(cwd, entry), /\.(class|jar)$/i, true, files);
  }
  return files;
}

function addFiles(folder: string, pattern: RegExp, isDeep: boolean, files: string[]): void {
  let entries: Dirent[];
  try {
    entries = readdirSync(folder, { withFileTypes: true });
  } catch {
    return;
  }
  for (const entry of entries) {
    if (files.length >= MOST_CLASSES) return;
    const path = join(folder, entry.name);
    if (entry.isDirectory() && isDeep) addFiles(path, pattern, isDeep, files);
    else if (pattern.test(entry.name)) files.push(path);
  }
}
