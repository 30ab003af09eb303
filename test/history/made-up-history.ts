import { commitOrder } from "../../src/history/commit-order.js";
import type { HistoryLine } from "../../src/model/history-line.js";
import type { History } from "../../src/reporters/history/history.js";
import { seededRandom } from "../../src/stats/random.js";

/** A commit by its place on the branch, as a sha. */
export function sha(place: number): string {
  return place.toString(16).padStart(40, "0");
}

/** A line that compares a commit with the one before; a test names only what it is about. */
export function line(head: number, changes: Partial<HistoryLine> = {}): HistoryLine {
  const change = changes.change ?? 0;
  return {
    schema: "tailgate/history@1",
    at: new Date(Date.UTC(2026, 8, 1) + head * 86_400_000).toISOString(),
    suite: "default",
    scenario: "list users",
    metric: "p50",
    arm: "head",
    unit: "us",
    base: { sha: sha(head - 1), label: "commit before the push" },
    head: { sha: sha(head), label: "pushed commit" },
    baseline: 1000,
    candidate: 1000 * (1 + change),
    change,
    low: (1 + change) * 0.99 - 1,
    high: (1 + change) * 1.01 - 1,
    limit: 0.05,
    gated: true,
    p: 0.5,
    verdict: "unchanged",
    run: { verdict: "pass", blocks: 12, attempt: 1, tailgate: "0.1.0" },
    machine: { cpuModel: "CPU A", cores: 4, memoryBytes: 16e9, system: "Linux", runner: "GitHub Actions" },
    ...changes,
  };
}

/** Commits 0 to `newest`, with releases at places of the branch. */
export function order(newest: number, releases: Readonly<Record<string, number>> = {}) {
  return commitOrder(
    Array.from({ length: newest + 1 }, (_, index) => sha(newest - index)),
    Object.entries(releases).map(([name, place]) => ({ name, sha: sha(place) })),
  );
}

export function history(lines: readonly HistoryLine[], changes: Partial<History> = {}): History {
  return { lines, order: order(60), passedOver: { newer: 0, foreign: 0, damaged: 0 }, notes: [], ...changes };
}

/** A service that gets 0.4 % slower with each of 40 commits, on machines of two kinds. */
export function creeping(scenarios: readonly string[], commits = 40): HistoryLine[] {
  const random = seededRandom(3);
  return Array.from({ length: commits }, (_, place) => place + 1).flatMap((head) =>
    scenarios.flatMap((scenario) =>
      (["p50", "p99"] as const).map((metric) => {
        const other = random() < 0.4;
        const change = 0.004 + 0.004 * (random() - 0.5);
        const candidate = 1000 * 1.004 ** head * (other ? 1.15 : 1) * (1 + 0.02 * (random() - 0.5));
        return line(head, {
          scenario,
          metric,
          change,
          low: change - 0.006,
          high: change + 0.006,
          candidate,
          gated: metric === "p50",
          verdict: head === 27 ? "regressed" : head === 33 ? "improved" : "unchanged",
          machine: { ...line(1).machine, cpuModel: other ? "CPU B" : "CPU A" },
        });
      }),
    ),
  );
}
