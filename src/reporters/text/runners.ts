import { formatChangeSize } from "../../metrics/format-change.js";
import { descriptorOf } from "../../metrics/metrics.js";
import type { Result, ResultCell, Runner } from "../../model/result.js";
import { quoted } from "../../text/escape.js";
import { mean } from "../../stats/sum.js";
import { enoughRunners, judgedByRunners } from "../../verdict/judging/runners.js";
import { machineInDoubt } from "../../verdict/machine-in-doubt.js";
import type { MethodologyItem } from "./methodology-item.js";
import { countedBlocks, pairedSeries } from "./paired-series.js";

/** What has to be said of the machines of a divided run: for which ones it speaks, and which gave nothing. */
export function runnerNotices(result: Result): string[] {
  const runners = result.runners ?? [];
  if (runners.length === 0) return [];
  const gave = runners.filter(({ outcome }) => outcome === "measured");
  return [
    ...runners.flatMap((runner) => lostLine(runner, runners.length)),
    ...gave.flatMap((runner) => disturbedLine(result, runner)),
    ...speaksFor(result, gave),
  ];
}

function lostLine({ shard, outcome, why, scenarios }: Runner, of: number): string[] {
  const lost = scenarios === null ? "it is left out" : `${scenarios.map(quoted).join(", ")} was not measured`;
  switch (outcome) {
    case "measured":
      return [];
    case "failed":
      return [`shard ${shard} of ${of} could not measure (${why ?? "its log says why"}): ${lost}`];
    case "missing":
      return [`shard ${shard} of ${of} is missing, the log of its job says why: ${lost}`];
  }
}

/** A disturbed runner counts all the same: what disturbs it may be head itself. */
function disturbedLine({ blocks }: Result, { shard }: Runner): string[] {
  const own = blocks.filter((block) => block.shard === shard && block.distrust.length === 0);
  const doubt = own.length === 0 ? null : machineInDoubt(own);
  return doubt === null
    ? []
    : [`the runner of shard ${shard} was disturbed: ${doubt.why}; its blocks count all the same`];
}

/** Decided as the verdict is: by the runners whose blocks count. */
function isOfMeans(result: Result): boolean {
  const measuredBy = countedBlocks(result).flatMap(({ shard }) => shard ?? []);
  return judgedByRunners(measuredBy, result.plan.experiment.alpha);
}

function speaksFor(result: Result, gave: readonly Runner[]): string[] {
  if (gave.length === 0) return [];
  if (gave.some(({ scenarios }) => scenarios !== null)) {
    return ["each scenario was measured on one runner: what is said of it speaks for that machine"];
  }
  if (isOfMeans(result)) return [];
  const machines = gave.length === 1 ? "this 1 runner" : `these ${gave.length} runners`;
  return [
    `the verdict speaks for ${machines} (${machineKinds(gave)}); with ${enoughRunners(result.plan.experiment.alpha)} or more it is judged by the means of the runners, and speaks for machines like them`,
  ];
}

/** "3 x AMD EPYC 7763, 1 x Intel Xeon" */
function machineKinds(runners: readonly Runner[]): string {
  const counts = new Map<string, number>();
  for (const { environment } of runners) {
    const model = environment?.cpuModel ?? "unknown";
    counts.set(model, (counts.get(model) ?? 0) + 1);
  }
  return [...counts].map(([model, count]) => `${count} x ${model}`).join(", ");
}

/** How the work was divided. */
export function runnersMethod(result: Result): MethodologyItem[] {
  const { runners = [] } = result;
  const gave = runners.filter(({ outcome }) => outcome === "measured");
  if (gave.length === 0) return [];
  const byScenario = gave.some(({ scenarios }) => scenarios !== null);
  const judged = byScenario
    ? "each measured scenarios of its own"
    : isOfMeans(result)
      ? "each gives one mean of its blocks, and the test flips these means"
      : "the test flips their blocks";
  return [
    {
      label: "Runners",
      text: `${gave.length} of ${runners.length} (${machineKinds(gave)}), by one schedule that a pilot fixed; ${judged}`,
    },
  ];
}

/** One runner's own estimates. */
export interface RunnerEstimates {
  readonly runner: Runner;
  /** One for each cell that was asked for, in words; a dash where the runner has none. */
  readonly changes: readonly string[];
}

/** What every runner by itself would say of these cells: the mean change of its own blocks. */
export function runnerEstimates(result: Result, cells: readonly ResultCell[]): RunnerEstimates[] {
  const runners = result.runners ?? [];
  if (!result.blocks.some(({ shard }) => shard !== undefined)) return [];
  return runners.map((runner) => {
    const own = { ...result, blocks: result.blocks.filter(({ shard }) => shard === runner.shard) };
    return { runner, changes: cells.map((cell) => estimate(own, cell)) };
  });
}

function estimate(own: Result, cell: ResultCell): string {
  const metric = descriptorOf(cell.metric);
  const series = pairedSeries(own, cell);
  if (series.length === 0) return "–";
  const logarithmic = metric.scale === "log";
  const centre = mean(series.map(({ change }) => (logarithmic ? Math.log1p(change) : change)));
  const change = logarithmic ? Math.expm1(centre) : centre;
  return `${change < 0 ? "−" : "+"}${formatChangeSize(metric, Math.abs(change))}`;
}
