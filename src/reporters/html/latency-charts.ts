import { max } from "d3-array";
import { scaleLinear, scaleLog } from "d3-scale";
import { area, curveStepAfter, line } from "d3-shape";
import { binEdgeUs } from "../../load/samples/histogram.js";
import { formatDuration, formatPercent } from "../../text/format-quantity.js";
import type { Distribution } from "../text/distribution.js";
import { shortened, visible } from "../../text/escape.js";
import { WIDE, armClass, chartHtml, fixed, legend, type Tick } from "./chart.js";

export interface ArmDistribution {
  readonly name: string;
  /** Its place among the arms, for colour and dash. */
  readonly place: number;
  readonly distribution: Distribution;
}

/** Share of the requests over latency, on a logarithmic scale. */
export function distributionChart(arms: readonly ArmDistribution[]): string {
  const first = Math.min(...arms.map((arm) => arm.distribution.binAt(0.001))) - 1;
  const last = Math.max(...arms.map((arm) => arm.distribution.binAt(1))) + 1;
  const bins = Array.from({ length: last - first + 2 }, (_, index) => first + index);
  const top = max(arms, (arm) => max(bins, (bin) => arm.distribution.share(bin))) ?? 1;
  const x = scaleLog([binEdgeUs(first), binEdgeUs(last + 1)], [WIDE.left, WIDE.right]);
  const y = scaleLinear([0, top * 1.05], [WIDE.bottom, WIDE.top]);
  const shape = (arm: ArmDistribution): string => {
    const at = (bin: number): number => x(binEdgeUs(bin));
    const height = (bin: number): number => y(arm.distribution.share(bin));
    const fill = area<number>().x(at).y0(WIDE.bottom).y1(height).curve(curveStepAfter).digits(1)(bins);
    const edge = line<number>().x(at).y(height).curve(curveStepAfter).digits(1)(bins);
    return `<path class="${armClass(arm.place)} fill" d="${fill ?? ""}"/><path class="${armClass(arm.place)} line" d="${edge ?? ""}"/>`;
  };
  const middles = arms.map(
    (arm) =>
      `${naming(arm.name)}: half of the requests within ${formatDuration(arm.distribution.latencyAt(0.5))}`,
  );
  return chartHtml({
    frame: WIDE,
    title: "Where the requests lie",
    description: `Share of requests by latency, all blocks together. ${middles.join("; ")}.`,
    x: { label: "latency", ticks: logTicks(x) },
    y: {
      label: "share of requests",
      ticks: y.ticks(4).map((value) => ({ at: y(value), text: formatPercent(value).replace(/\.0+ /u, " ") })),
    },
    marks: arms.map(shape).join(""),
    legend: legend(arms.map((arm) => naming(arm.name))),
  });
}

const TAIL = [0, 0.5, 0.9, 0.99, 0.999] as const;

/** Latency over percentile, the tail drawn out: every tenfold of rarity takes the same room. */
export function percentileChart(arms: readonly ArmDistribution[]): string {
  const requests = Math.max(...arms.map((arm) => arm.distribution.requests));
  const rarest = Math.min(4, Math.max(1, Math.log10(requests / 10)));
  const steps = Array.from({ length: 81 }, (_, index) => 1 - 10 ** ((-rarest * index) / 80));
  const x = scaleLinear([0, rarest], [WIDE.left, WIDE.right]);
  const latencies = arms.flatMap((arm) => steps.map((step) => arm.distribution.latencyAt(step)));
  const y = scaleLog([Math.min(...latencies) * 0.95, Math.max(...latencies) * 1.05], [WIDE.bottom, WIDE.top]);
  const at = (quantile: number): number => x(-Math.log10(1 - quantile));
  const curve = (arm: ArmDistribution): string => {
    const path = line<number>()
      .x(at)
      .y((step) => y(arm.distribution.latencyAt(step)))
      .digits(1)(steps);
    return `<path class="${armClass(arm.place)} line" d="${path ?? ""}"/>`;
  };
  const shown = TAIL.filter((quantile) => -Math.log10(1 - quantile) <= rarest);
  const rules = shown.map(
    (quantile) => `<path class="grid" d="M${fixed(at(quantile))} ${WIDE.top}V${WIDE.bottom}"/>`,
  );
  const ends = arms.map((arm) => {
    const parts = shown
      .slice(1)
      .map(
        (quantile) => `p${quantileName(quantile)} ${formatDuration(arm.distribution.latencyAt(quantile))}`,
      );
    return `${naming(arm.name)}: ${parts.join(", ")}`;
  });
  return chartHtml({
    frame: WIDE,
    title: "Percentiles, with the tail drawn out",
    description: `Latency by percentile, all blocks together. ${ends.join("; ")}.`,
    x: {
      label: "percentile of requests",
      ticks: shown.map((quantile) => ({ at: at(quantile), text: quantileName(quantile) })),
    },
    y: { label: "latency", ticks: logTicks(y) },
    marks: rules.join("") + arms.map(curve).join(""),
    legend: legend(arms.map((arm) => naming(arm.name))),
  });
}

function quantileName(quantile: number): string {
  return Number((quantile * 100).toPrecision(6)).toString();
}

function naming(name: string): string {
  return shortened(visible(name), 40);
}

/** Ticks at 1, 2 and 5 of each decade, fewer over many decades. */
function logTicks(scale: { domain(): number[]; (value: number): number }): Tick[] {
  const [low, high] = scale.domain() as [number, number];
  const decades = Math.log10(high / low);
  const digits =
    decades > 3
      ? [1]
      : decades > 1.5
        ? [1, 3]
        : decades > 0.5
          ? [1, 2, 3, 5, 7]
          : [1, 1.5, 2, 2.5, 3, 4, 5, 6, 7, 8, 9];
  const ticks: Tick[] = [];
  for (let power = Math.floor(Math.log10(low)); power <= Math.ceil(Math.log10(high)); power++) {
    for (const digit of digits) {
      const value = digit * 10 ** power;
      if (value >= low && value <= high) ticks.push({ at: scale(value), text: formatDuration(value) });
    }
  }
  return ticks;
}
