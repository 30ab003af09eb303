import type { Snapshot } from "../snapshot.js";

/** A module as Python imports it, and the folder that it is imported from. */
export interface Module {
  readonly name: string;
  /** From here; empty: this folder itself. */
  readonly folder: string;
}

const IMPORT = /^(?:from|import)\s+([A-Za-z_]\w*)/gm;

/**
 * `src/shop/main.py` -> `shop.main` in `src`. The folder is the one from which most of the file's own imports can be
 * found; of two, one called src, else the outer.
 */
export function moduleOf(path: string, { paths, texts }: Snapshot): Module {
  const parts = path.split("/").slice(0, -1);
  const folders = Array.from({ length: parts.length + 1 }, (_, length) => parts.slice(0, length).join("/"));
  const imported = [...(texts.get(path) ?? "").matchAll(IMPORT)].map((match) => match[1]!);
  const found = (folder: string): number => {
    const inside = folder === "" ? "" : `${folder}/`;
    // Of a package, modules are imported from outside of it.
    if (paths.includes(`${inside}__init__.py`) && folder !== "") return -1;
    return imported.filter((name) =>
      paths.some((one) => one === `${inside}${name}.py` || one.startsWith(`${inside}${name}/`)),
    ).length;
  };
  const scored = folders.map((folder) => ({
    folder,
    score: found(folder) + (/(^|\/)src$/.test(folder) && found(folder) >= 0 ? 0.5 : 0),
  }));
  const { folder } = scored.reduce((best, one) => (one.score > best.score ? one : best));
  const inside = folder === "" ? path : path.slice(folder.length + 1);
  const name = inside
    .replace(/\.py$/, "")
    .replace(/\/__init__$/, "")
    .replaceAll("/", ".");
  return { name, folder };
}

/** File of the name of a module, as it is imported anywhere: the one whose path ends so. */
export function fileOfModule(name: string, { paths }: Snapshot): string | null {
  const path = name.replace(/^\.+/, "").replaceAll(".", "/");
  if (path === "") return null;
  const ends = (one: string, end: string): boolean => one === end || one.endsWith(`/${end}`);
  return (
    paths.find((one) => ends(one, `${path}.py`)) ??
    paths.find((one) => ends(one, `${path}/__init__.py`)) ??
    null
  );
}
