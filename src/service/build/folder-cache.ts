import { mkdir, readdir, rename, rm, stat, utimes } from "node:fs/promises";
import { basename, join } from "node:path";

import type { BuildCache } from "./build.js";
import { copyFolder } from "./copies.js";

/** Names the folder in which builds are kept from one run to the next. */
export const CACHE_VARIABLE = "TAILGATE_BUILD_CACHE";

/** A base is the same for many runs; older ones are not asked for any more. */
const MOST_BUILDS = 5;

/**
 * Keeps built checkouts in a folder: on a developer's machine, on a runner that keeps its disk, or with a step that
 * restores and saves the folder.
 *
 * @param options.except - entries of a checkout that tell where it belongs: they are neither kept nor replaced
 */
export function folderCache(folder: string, options: { readonly except: readonly string[] }): BuildCache {
  const at = (key: string): string => join(folder, basename(key));
  const copy = (from: string, to: string): Promise<void> => copyFolder(from, to, options.except);
  return {
    entry: at,
    async restore(key, path) {
      const entry = at(key);
      if ((await stat(entry).catch(() => null)) === null) return false;
      await copy(entry, path);
      const now = new Date();
      await utimes(entry, now, now);
      return true;
    },
    async save(key, path) {
      await mkdir(folder, { recursive: true });
      // Whoever looks meanwhile sees a whole build or none.
      const unfinished = `${at(key)}.${process.pid}.unfinished`;
      try {
        await copy(path, unfinished);
        await rm(at(key), { recursive: true, force: true });
        await rename(unfinished, at(key));
      } catch (error) {
        await rm(unfinished, { recursive: true, force: true });
        throw error;
      }
      await forgetOldest(folder);
    },
  };
}

async function forgetOldest(folder: string): Promise<void> {
  const names = (await readdir(folder)).filter((name) => name.startsWith("tailgate-build-"));
  const entries = await Promise.all(
    names.map(async (name) => ({ name, usedMs: (await stat(join(folder, name))).mtimeMs })),
  );
  entries.sort((a, b) => b.usedMs - a.usedMs);
  for (const { name } of entries.slice(MOST_BUILDS))
    await rm(join(folder, name), { recursive: true, force: true });
}
