import type { TreeChange } from "./tree-snapshot.js";

/**
 * What a service writes into its own folder, as its first start alone showed: byte code, logs, caches, a database file.
 * Changes there say nothing against the checkout while the service runs.
 */
export class OwnPaths {
  readonly #files: ReadonlySet<string>;
  readonly #folders: ReadonlySet<string>;
  readonly #protected: ReadonlySet<string>;

  /**
   * @param changes between before the first start and after it
   * @param protectedPaths what is never the service's own, however it was changed: tracked files, and what it loads
   */
  constructor(changes: readonly TreeChange[], protectedPaths: ReadonlySet<string>) {
    const own = changes.filter(({ path }) => !protectedPaths.has(path));
    const added = own.filter(({ kind }) => kind === "added").map(({ path }) => path);
    this.#files = new Set(own.map(({ path }) => path));
    // Where it makes files, or in a folder that it made, it may make more; never in the whole checkout because of one log
    // file at its top.
    this.#folders = new Set([...added, ...added.map(parentOf)].filter((folder) => folder !== "."));
    this.#protected = protectedPaths;
  }

  /** Whether this change is the service's own doing, as far as the path tells. */
  covers({ path, kind }: TreeChange): boolean {
    if (this.#protected.has(path)) return false;
    if (this.#files.has(path)) return true;
    for (let folder = parentOf(path); folder !== "."; folder = parentOf(folder)) {
      if (this.#folders.has(folder)) return true;
    }
    if (kind === "added" && this.#isBesideOwn(path)) return true;
    // A folder changes when an entry of it does; that entry is judged by itself.
    return kind === "changed" && this.#holdsOwn(path);
  }

  /** A database's journal, a log that was rotated: `data.sqlite-wal`, `service.log.1`. */
  #isBesideOwn(path: string): boolean {
    for (let end = path.length - 1; path[end] !== "/" && end > 0; end--) {
      const own = path.slice(0, end);
      if (/[-.]/.test(path[end]!) && this.#files.has(own) && !this.#holdsOwn(own)) return true;
    }
    return false;
  }

  #holdsOwn(folder: string): boolean {
    const prefix = folder === "." ? "" : `${folder}/`;
    for (const path of this.#files) if (path.startsWith(prefix)) return true;
    return false;
  }
}

function parentOf(path: string): string {
  const at = path.lastIndexOf("/");
  return at < 0 ? "." : path.slice(0, at);
}
