import type { HistoryLine } from "../model/history-line.js";

/** A release: a tag whose name looks like a version. */
export interface Release {
  readonly name: string;
  readonly sha: string;
}

/** How commits of the branch follow one another. */
export interface CommitOrder {
  /** Place of a commit, from the oldest; `undefined`: it is not on the branch. */
  readonly placeOf: (sha: string) => number | undefined;
  /** From the oldest to the newest; each is on the branch. */
  readonly releases: readonly Release[];
}

/** @param newestFirst - shas as `git rev-list` gives them */
export function commitOrder(newestFirst: readonly string[], releases: readonly Release[]): CommitOrder {
  const places = new Map(newestFirst.map((sha, index) => [sha, newestFirst.length - 1 - index]));
  return {
    placeOf: (sha) => places.get(sha),
    releases: releases
      .filter(({ sha }) => places.has(sha))
      .toSorted((a, b) => places.get(a.sha)! - places.get(b.sha)!),
  };
}

/** Without a repository: commits in the order in which lines tell of them, and no release. */
export function orderFromLines(lines: readonly HistoryLine[]): CommitOrder {
  const places = new Map<string, number>();
  for (const { base, head } of lines) {
    for (const { sha } of [base, head]) if (!places.has(sha)) places.set(sha, places.size);
  }
  return { placeOf: (sha) => places.get(sha), releases: [] };
}
