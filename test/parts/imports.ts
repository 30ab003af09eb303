import { existsSync, readFileSync } from "node:fs";
import { dirname, resolve } from "node:path";

const IMPORT = /^(?:import|export)\s(?:[^"';]*?\sfrom\s)?"([^"]+)"|\bimport\("([^"]+)"\)/gm;

/** What a module imports or hands on, types too, as it is written there: `node:fs`, `./block.js`. */
export function importsOf(text: string): string[] {
  return [...text.matchAll(IMPORT)].map((match) => (match[1] ?? match[2])!);
}

/** The module that an import means, TypeScript or .mjs; null for a package, and for a file of another kind. */
function importedFile(from: string, name: string): string | null {
  if (!name.startsWith(".")) return null;
  const path = resolve(dirname(from), name.replace(/\.js$/, ".ts"));
  return /\.(?:ts|mjs)$/.test(path) && existsSync(path) ? path : null;
}

/** Packages that a file reaches, by itself or through the modules that it imports. Reads each file once. */
export function packagesReached(): (path: string) => ReadonlySet<string> {
  const read = new Map<string, { readonly files: string[]; readonly packages: string[] }>();
  const importsAt = (path: string): { readonly files: string[]; readonly packages: string[] } => {
    const names = importsOf(readFileSync(path, "utf8"));
    const files = names.map((name) => importedFile(path, name)).filter((file) => file !== null);
    return { files, packages: names.filter((name) => !name.startsWith(".")) };
  };
  return (start) => {
    const packages = new Set<string>();
    const reached = new Set([start]);
    for (const path of reached) {
      const imports = read.get(path) ?? importsAt(path);
      read.set(path, imports);
      for (const file of imports.files) reached.add(file);
      for (const name of imports.packages) packages.add(name);
    }
    return packages;
  };
}
