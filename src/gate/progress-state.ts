import type { Plan } from "../config/plan.js";
import type { Block } from "../experiment/block.js";
import type { Schedule } from "../experiment/schedule.js";
import type { ProgressState, WatchedCell } from "../report/progress.js";
import { median } from "../stats/quantile.js";
import { tQuantile } from "../stats/student-t.js";
import { observationsFrom } from "../verdict/from-blocks.js";
import type { ObservedCell } from "../verdict/observations.js";
import { asChange, testedRow } from "../verdict/tested-row.js";

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
  return {
    step: "measuring",
    block: blocks.length,
    maximumBlocks: schedule.maximumBlocks,
    elapsedMs,
    remainingMs: Math.max(0, (schedule.maximumBlocks - blocks.length) * perBlockMs),
    arms: plan.arms.map(({ name }) => ({
      name,
      p50Us: typical(blocks, name, "p50"),
      p99Us: typical(blocks, name, "p99"),
    })),
    watched: watched(plan, schedule, blocks),
  };
}

/** Median over blocks and scenarios. */
function typical(blocks: readonly Block[], arm: string, quantile: "p50" | "p99"): number | null {
  const values = blocks.flatMap((block) =>
    Object.values(block.arms[arm]?.scenarios ?? {}).flatMap(({ latencyUs }) =>
      latencyUs ? [latencyUs[quantile]] : [],
    ),
  );
  return values.length > 0 ? median(values) : null;
}

function watched(plan: Plan, schedule: Schedule, blocks: readonly Block[]): WatchedCell[] {
  if (blocks.length < FEWEST_BLOCKS_SHOWN) return [];
  const { cells, baseline } = observationsFrom(blocks, plan, schedule);
  return cells
    .filter((cell) => cell.gated && (cell.metric === "p50" || cell.metric === "p95"))
    .flatMap((cell) =>
      Object.keys(cell.values).flatMap((arm) => (arm === baseline ? [] : [soFar(cell, baseline, arm)])),
    )
    .slice(0, MOST_WATCHED);
}

function soFar(cell: ObservedCell, baseline: string, arm: string): WatchedCell {
  const { location } = testedRow(cell, baseline, arm, false);
  const reach = tQuantile(0.975, location.degreesOfFreedom) * location.standardError;
  const ends = [asChange(cell, location.mean - reach), asChange(cell, location.mean + reach)];
  return {
    scenario: cell.scenario,
    metric: cell.metric as WatchedCell["metric"],
    arm,
    change: asChange(cell, location.mean),
    low: Math.min(...ends),
    high: Math.max(...ends),
    limit: cell.limit,
  };
}
