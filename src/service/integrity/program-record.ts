import { join, relative } from "node:path";

import { isInside } from "../../files/is-inside.js";
import { changedFiles, stampsOf } from "./loaded-files.js";
import { contentOf, LinkedFiles } from "./linked-files.js";
import type { LoadedProgram } from "./loaded-program.js";
import { OwnPaths } from "./own-paths.js";
import {
  changesBetween,
  linkedFiles,
  snapshotTree,
  stampOf,
  type TreeChange,
  type TreeSnapshot,
} from "./tree-snapshot.js";

/** What became of a program that was recorded: nothing, or the first thing that is not as it was. */
export type ProgramChange = { readonly path: string; readonly what: string } | null;

/**
 * Which program an arm is: its whole built tree, and what its processes had loaded from elsewhere. Recorded around its
 * first start, alone, before anybody else's code has run; held against later looks.
 */
export interface ProgramRecord {
  /** What it had loaded at its first start. */
  readonly loaded: LoadedProgram;
  /** While none of its processes runs, nothing at all may change. */
  changedAtRest(): Promise<ProgramChange>;
  /** While it runs, it may change what its first start showed to be its own: byte code, logs, caches, a database file. */
  changedWhileServing(): Promise<ProgramChange>;
}

export interface ProgramRecordOptions {
  /** Absolute path of the checkout. */
  readonly folder: string;
  /** Paths that git tracks, relative to the folder: never the service's own. */
  readonly tracked: readonly string[];
  /** Further folders that must stay as they are, such as the build cache's entry. Absolute. */
  readonly elsewhere: readonly string[];
  /** Starts the arm alone, lets it serve, stops it, and gives what its processes had loaded. */
  readonly firstStart: () => Promise<LoadedProgram>;
}

/** Records a program around its first start. Rejects as `firstStart` does. */
export async function recordProgram(options: ProgramRecordOptions): Promise<ProgramRecord> {
  const { folder, elsewhere } = options;
  const before = await snapshotTree(folder);
  const loaded = await options.firstStart();
  const reference = new Map(await snapshotTree(folder));
  const around = await Promise.all(elsewhere.map(async (path) => [path, await snapshotTree(path)] as const));

  const inside = [...loaded.files.keys()]
    .filter((path) => isInside(folder, path))
    .map((path) => relative(folder, path));
  const changes = changesBetween(before, reference);
  const protectedPaths = new Set([...options.tracked, ...inside]);
  const own = new OwnPaths(changes, protectedPaths);
  // A start command that builds writes what is loaded; whether it is the same again, only its content tells.
  const rewritten = new Map(
    changes
      .filter(({ path, kind }) => kind !== "removed" && protectedPaths.has(path))
      .map(({ path }) => [path, contentOf(join(folder, path))]),
  );
  const outside = new Map([...stampsOf(loaded.files.keys())].filter(([path]) => !isInside(folder, path)));
  // What head's package manager installs gets a further name of the same file in the cache: no change of base's.
  const linked = new LinkedFiles([
    ...linkedFiles(reference).map((path) => join(folder, path)),
    ...linkedFiles(outside),
  ]);
  /** Their stamps are renewed: a file is read once, not at every look. */
  const hasOtherNames = (
    path: string,
    stood: Map<string, string>,
    key: string,
    now: string | null,
  ): boolean => {
    const same = linked.hasOtherNames(path, stood.get(key), now);
    if (same) stood.set(key, now!);
    return same;
  };

  const changedElsewhere = async (): Promise<ProgramChange> => {
    const path = changedFiles(outside).find((file) => !hasOtherNames(file, outside, file, stampOf(file)));
    if (path !== undefined) return { path, what: "which base had loaded from outside of its checkout" };
    for (const [place, stood] of around) {
      const [change] = changesBetween(stood, await snapshotTree(place));
      if (change !== undefined) return { path: join(place, change.path), what: "in the build cache" };
    }
    return null;
  };
  const first = async (allowed: (change: TreeChange) => boolean): Promise<ProgramChange> => {
    const now = await snapshotTree(folder);
    const found = changesBetween(reference, now).filter(
      (change) =>
        !allowed(change) &&
        !hasOtherNames(join(folder, change.path), reference, change.path, now.get(change.path) ?? null),
    );
    // A file says more than the folder that changed with it.
    const change = found.find(({ path }) => !isFolderOfAnother(path, reference, found)) ?? found[0];
    return change === undefined ? null : { path: change.path, what: `in base's checkout was ${change.kind}` };
  };
  return {
    loaded,
    changedAtRest: async () => (await first(() => false)) ?? changedElsewhere(),
    changedWhileServing: async () =>
      (await first((change) => {
        if (own.covers(change)) return true;
        const content = rewritten.get(change.path);
        return content !== undefined && contentOf(join(folder, change.path)) === content;
      })) ?? changedElsewhere(),
  };
}

function isFolderOfAnother(
  path: string,
  reference: TreeSnapshot,
  changes: readonly { readonly path: string }[],
): boolean {
  const prefix = path === "." ? "" : `${path}/`;
  return reference.has(path) && changes.some((other) => other.path !== path && other.path.startsWith(prefix));
}
