import type { Chain } from "../../history/chain.js";
import type { Creep } from "../../history/creep.js";
import type { HistorySeries } from "../../history/series.js";
import { formatLimit } from "../../metrics/format-change.js";
import { descriptorOf } from "../../metrics/metrics.js";
import type { HistoryLine } from "../../model/history-line.js";
import { shortened, visible } from "../../text/escape.js";
import { changeWithInterval } from "../text/figures.js";

/** Where a series stands since the last release, in one sentence; names from outside stand between backticks. */
export function creepSentence(series: HistorySeries, creep: Creep): string {
  const { release, direct, shortest, now } = creep;
  const subject = seriesName(series);
  const since = release === null ? "since the first stored run" : `since ${tick(release.name)}`;
  if (now === null) return `${subject}: no run ${since} is stored.`;
  const figure = changeWithInterval({ ...now, metric: series.metric });
  return `${subject}: ${figure} ${since}${limitOf(series)}, ${basis(shortest, direct)}.`;
}

/** What the figure rests on. */
function basis({ links, gaps }: Chain, direct: HistoryLine | null): string {
  const count = direct === null ? links.length : links.length - 1;
  const chained = `${count} stored ${count === 1 ? "run" : "runs"}${count === 1 ? "" : " one after another"}`;
  const parts = [
    ...(direct === null ? [] : [`measured side by side at ${shortSha(direct.head.sha)}`]),
    ...(count === 0 ? [] : [direct === null ? `from ${chained}` : `and ${chained} since`]),
    ...(gaps === 0
      ? []
      : [
          `with ${gaps} ${gaps === 1 ? "stretch" : "stretches"} of commits between them that no run measured`,
        ]),
  ];
  return parts.join(", ");
}

/** The limit by which one change is judged: what has come together may be more. */
function limitOf({ metric, lines }: HistorySeries): string {
  const limit = lines.at(-1)!.limit;
  return limit === null ? "" : ` (limit of one change ${formatLimit(descriptorOf(metric), limit)})`;
}

/** "p50 of `list users`", "memory of the service". */
function seriesName({ scenario, metric }: Pick<HistorySeries, "scenario" | "metric">): string {
  const { label } = descriptorOf(metric);
  return scenario === null ? `${label} of the service` : `${label} of ${tick(scenario)}`;
}

function tick(name: string): string {
  return `\`${shortened(visible(name).replaceAll("`", "'"), 100)}\``;
}

export function shortSha(sha: string): string {
  return shortened(visible(sha), 60).slice(0, 7);
}
