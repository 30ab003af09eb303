import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { parse } from "smol-toml";
import { z } from "zod";

/** What a repository calls its own code, by which functions in a symbol table are known as its own. */
export interface OwnCode {
  /** Of every go.mod: "example.com/users". */
  readonly goModules: readonly string[];
  /** As they stand in names of functions: "users_axum". */
  readonly rustCrates: ReadonlySet<string>;
}

const DEEPEST = 3;
const MOST_FOLDERS = 2000;
const NOT_OWN = /^(?:\..*|node_modules|target|vendor|third_party)$/;

const named = z.object({ name: z.string().optional() });
const cargoManifest = z.object({
  package: named.optional(),
  lib: named.optional(),
  bin: z.array(named).optional(),
});

/**
 * Reads the manifests of a checkout, those in its folders too. One that cannot be read says nothing.
 *
 * @param checkout - absolute
 */
export async function readOwnCode(checkout: string): Promise<OwnCode> {
  const goModules: string[] = [];
  const rustCrates = new Set<string>();
  const folders: { readonly path: string; readonly depth: number }[] = [{ path: checkout, depth: 0 }];
  for (const { path, depth } of folders) {
    const entries = await readdir(path, { withFileTypes: true }).catch(() => []);
    for (const entry of entries) {
      const file = join(path, entry.name);
      if (entry.isDirectory() && depth < DEEPEST && folders.length < MOST_FOLDERS) {
        if (!NOT_OWN.test(entry.name)) folders.push({ path: file, depth: depth + 1 });
      } else if (entry.isFile() && entry.name === "go.mod") {
        const module = /^module\s+"?([^\s"]+)"?/m.exec(await textOf(file))?.[1];
        if (module !== undefined) goModules.push(module);
      } else if (entry.isFile() && entry.name === "Cargo.toml") {
        for (const crate of cratesOf(await textOf(file))) rustCrates.add(crate.replaceAll("-", "_"));
      }
    }
  }
  return { goModules, rustCrates };
}

function cratesOf(text: string): string[] {
  let document: unknown;
  try {
    document = parse(text);
  } catch {
    return [];
  }
  const manifest = cargoManifest.safeParse(document).data;
  return [manifest?.package, manifest?.lib, ...(manifest?.bin ?? [])].flatMap((one) => one?.name ?? []);
}

function textOf(file: string): Promise<string> {
  return readFile(file, "utf8").catch(() => "");
}
