import { p50, p99 } from "../metrics/latency.js";
import type { ScenarioMetric } from "../metrics/metric-descriptor.js";
import { knownMetric } from "../metrics/metrics.js";
import type { Plan } from "../model/plan.js";
import type { Block } from "../model/block.js";
import type { Schedule } from "../model/schedule.js";
import type { ArmProgress, ProgressState, WatchedCell } from "../reporters/progress/progress.js";
import { median } from "../stats/quantile.js";
import { observationsFrom } from "../verdict/observations-from-blocks.js";
import type { ObservedCell } from "../model/observed-cell.js";
import { changeInterval, testedRow } from "../verdict/judging/tested-row.js";

/** As many as a terminal shows without scrolling. */
const MOST_WATCHED = 8;
/** Below this an interval would say more about the formula than about the service. */
const FEWEST_BLOCKS_SHOWN = 3;

/** Where the measuring stands, for whoever waits. */
export function progressState(
  plan: Plan,
  schedule: Schedule,
  blocks: readonly Block[],
  elapsedMs: number,
): ProgressState {
  const perBlockMs = blocks.length > 0 ? elapsedMs / blocks.length : schedule.estimatedBlockMs;
  const leftMs = Math.min(
    (schedule.maximumBlocks - blocks.length) * perBlockMs,
    plan.experiment.budgetMs - schedule.pilotMs - elapsedMs,
  );
  return {
    step: "measuring",
    block: blocks.length,
    maximumBlocks: schedule.maximumBlocks,
    elapsedMs,
    // Past the budget there is nothing to promise: the block that is under way is the last.
    remainingMs: leftMs > 0 ? leftMs : null,
    arms: plan.arms.map(({ name }) => armProgress(blocks, name)),
    watched: watched(plan, schedule, blocks),
  };
}

/** An arm as far as it has been measured: medians over blocks and scenarios. */
export function armProgress(blocks: readonly Block[], arm: string): ArmProgress {
  return { name: arm, p50Us: typical(blocks, arm, p50), p99Us: typical(blocks, arm, p99) };
}

function typical(blocks: readonly Block[], arm: string, { read }: ScenarioMetric): number | null {
  const values = blocks.flatMap((block) =>
    Object.values(block.arms[arm]?.scenarios ?? {})
      .map(read)
      .filter((value) => value !== null),
  );
  return values.length > 0 ? median(values) : null;
}

function watched(plan: Plan, schedule: Schedule, blocks: readonly Block[]): WatchedCell[] {
  if (blocks.length < FEWEST_BLOCKS_SHOWN) return [];
  const { cells, baseline } = observationsFrom(blocks, plan, schedule);
  return cells
    .filter((cell) => cell.gated && knownMetric(cell.metric)?.watchedLive)
    .flatMap((cell) =>
      Object.keys(cell.values).flatMap((arm) => (arm === baseline ? [] : [soFar(cell, baseline, arm)])),
    )
    .slice(0, MOST_WATCHED);
}

function soFar(cell: ObservedCell, baseline: string, arm: string): WatchedCell {
  const row = testedRow(cell, baseline, arm, false);
  return {
    scenario: cell.scenario,
    metric: cell.metric as WatchedCell["metric"],
    arm,
    ...changeInterval(row),
    unit: cell.unit,
    limit: cell.limit,
    floor: cell.floor,
    effectiveLimit: row.effectiveLimit,
  };
}
