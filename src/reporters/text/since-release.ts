import { formatChange, formatLimit } from "../../metrics/format-change.js";
import { descriptorOf } from "../../metrics/metrics.js";
import type { Result, SinceRelease } from "../../model/result.js";
import { shortened, visible } from "../../text/escape.js";
import { changeWithInterval } from "./figures.js";

/**
 * What had come together on base's branch before this change, in one line; names stand between backticks. Of what got worse
 * the one that is most beyond its limit. `null`: nothing is stored.
 */
export function sinceReleaseLine({ sinceRelease, cells, plan }: Result): string | null {
  const [first] = sinceRelease;
  if (first === undefined) return null;
  const worse = sinceRelease.filter(isWorse).toSorted((a, b) => weight(b) - weight(a));
  const [worst] = worse;
  const release = `\`${name(first.release)}\``;
  if (worst === undefined)
    return `Since ${release}, no gated metric is shown to have got worse before this change.`;
  const metric = descriptorOf(worst.metric);
  const subject =
    worst.scenario === null
      ? `${metric.label} of the service`
      : `${metric.label} of \`${name(worst.scenario)}\``;
  const here = cells.find(
    (cell) => cell.scenario === worst.scenario && cell.metric === worst.metric && cell.arm !== plan.baseline,
  );
  const own =
    here === undefined || here.change === null ? "" : `${formatChange(metric, here.change)} here, and `;
  const rest = worse.length - 1;
  const more = rest === 0 ? "" : `; ${rest} more ${rest === 1 ? "metric" : "metrics"} got worse since then`;
  return `${subject}: ${own}${changeWithInterval(worst)} before it since ${release} (limit of one change ${formatLimit(metric, worst.limit)})${more}.`;
}

function isWorse({ metric, low, high }: SinceRelease): boolean {
  return descriptorOf(metric).worse === "higher" ? low > 0 : high < 0;
}

/** How many times its limit a change is. */
function weight({ change, limit }: SinceRelease): number {
  return Math.abs(change) / Math.max(limit, 1e-9);
}

function name(text: string): string {
  return shortened(visible(text).replaceAll("`", "'"), 100);
}
