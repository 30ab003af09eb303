import type { HistoryLine } from "../model/history-line.js";
import type { CommitBetween } from "../model/result.js";

/** Gated metrics of one run that are kept of each commit. */
const MOST_METRICS = 200;

/**
 * Commits with what their own stored run found: of several runs of one commit the first.
 *
 * @param commits - newest first
 */
export function measuredBetween(
  commits: readonly Pick<CommitBetween, "sha" | "subject">[],
  lines: readonly HistoryLine[],
  suite: string,
): CommitBetween[] {
  const wanted = new Set(commits.map(({ sha }) => sha));
  const oldest = commits.at(-1)?.sha;
  const byCommit = new Map<string, Map<string, CommitBetween["measured"][number]>>();
  for (const line of lines) {
    const { scenario, metric, change, low, high } = line;
    if (line.suite !== suite || !line.gated || !wanted.has(line.head.sha)) continue;
    // A comparison with something farther away, such as the release itself, is no change of this commit.
    if (!wanted.has(line.base.sha) && line.head.sha !== oldest) continue;
    if (change === null || low === null || high === null) continue;
    const measured = byCommit.get(line.head.sha) ?? new Map<string, CommitBetween["measured"][number]>();
    const key = JSON.stringify([scenario, metric]);
    if (!measured.has(key)) measured.set(key, { scenario, metric, change, low, high });
    byCommit.set(line.head.sha, measured);
  }
  return commits.map((commit) => ({
    ...commit,
    measured: [...(byCommit.get(commit.sha)?.values() ?? [])].slice(0, MOST_METRICS),
  }));
}
