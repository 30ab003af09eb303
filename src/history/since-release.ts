import type { HistoryLine } from "../model/history-line.js";
import type { SinceRelease } from "../model/result.js";
import { creepOf } from "./creep.js";
import type { CommitOrder } from "./commit-order.js";
import { seriesOf } from "./series.js";

/** Where each gated metric of a suite stands on base's branch since its last release; nothing without a release. */
export function sinceRelease(
  lines: readonly HistoryLine[],
  order: CommitOrder,
  suite: string,
): SinceRelease[] {
  return seriesOf(lines.filter((line) => line.suite === suite)).flatMap((series) => {
    const { release, now, shortest } = creepOf(series, order);
    const { gated, limit } = series.lines.at(-1)!;
    if (release === null || now === null || !gated || limit === null) return [];
    const { change, low, high } = now;
    const { scenario, metric } = series;
    return [
      { scenario, metric, release: release.name, change, low, high, limit, runs: shortest.links.length },
    ];
  });
}
