import type { Plan } from "../model/plan.js";
import type { Block } from "../model/block.js";
import { MINIMUM_BLOCKS } from "../stats/alpha-spending.js";
import type { Schedule } from "../model/schedule.js";
import { locate, TRIM } from "../stats/location.js";
import { median } from "../stats/quantile.js";
import { tQuantile } from "../stats/student-t.js";
import { hasScenario } from "./measured-blocks.js";
import { ownProperty } from "./measured-metric.js";

/** An arm is only called overloaded, or able to serve, with this one-sided confidence over the blocks. */
const CONFIDENCE = 0.99;

/** A scenario whose planned rate is more than the candidate can serve. Its latency tells how long the run was. */
export interface Overload {
  readonly scenario: string;
  readonly arm: string;
  readonly ratePerSecond: number;
  /** Medians over blocks of what each can serve. */
  readonly candidatePerSecond: number;
  readonly baselinePerSecond: number;
  /** Whether the baseline serves the rate. If not, the plan asks too much of both, and nobody regressed by that. */
  readonly baselineServes: boolean;
}

/** Every scenario and candidate arm whose capacity is shown to be below the planned rate. */
export function overloadsIn(blocks: readonly Block[], plan: Plan, schedule: Schedule): Overload[] {
  return schedule.loads.flatMap((load) =>
    plan.arms
      .filter((arm) => arm.name !== plan.baseline)
      .flatMap((arm) => {
        const candidate = capacities(blocks, arm.name, load.scenario);
        const baseline = capacities(blocks, plan.baseline, load.scenario);
        if (candidate === null || baseline === null) return [];
        if (reach(candidate, load.ratePerSecond).high >= 0) return [];
        return {
          scenario: load.scenario,
          arm: arm.name,
          ratePerSecond: load.ratePerSecond,
          candidatePerSecond: median(candidate),
          baselinePerSecond: median(baseline),
          baselineServes: reach(baseline, load.ratePerSecond).low > 0,
        };
      }),
  );
}

/** One capacity a block; `null` where some block has none or there are too few. */
function capacities(blocks: readonly Block[], arm: string, scenario: string): readonly number[] | null {
  const measured = blocks.filter((block) => hasScenario(block, scenario));
  if (measured.length < MINIMUM_BLOCKS) return null;
  const values = measured.map((block) => {
    const observed = block.arms[arm];
    return observed === undefined ? null : ownProperty(observed.scenarios, scenario)?.throughputPerSecond;
  });
  const known = values.filter((value) => value !== null && value !== undefined && value > 0);
  return known.length === values.length ? (known as number[]) : null;
}

/** Interval of the logarithm of capacity over rate: above 0 the rate is served. */
function reach(capacityPerSecond: readonly number[], ratePerSecond: number): { low: number; high: number } {
  const location = locate(
    capacityPerSecond.map((capacity) => Math.log(capacity / ratePerSecond)),
    TRIM,
  );
  const half = tQuantile(CONFIDENCE, location.degreesOfFreedom) * location.standardError;
  return { low: location.mean - half, high: location.mean + half };
}
