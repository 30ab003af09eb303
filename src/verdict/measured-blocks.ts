import type { Block } from "../model/block.js";
import type { Plan } from "../model/plan.js";
import { type MetricOf, ownProperty } from "./measured-metric.js";

/**
 * Number of blocks that a metric is judged by. A scenario that was settled at a look is not measured after it. What the
 * service as a whole uses depends on all scenarios, so it is judged by the blocks that have all of them.
 */
export function measuredBlocks(blocks: readonly Block[], plan: Plan, { scenario }: MetricOf): number {
  if (scenario !== null) return blocksOf(blocks, scenario.name);
  return Math.min(blocks.length, ...plan.scenarios.map(({ name }) => blocksOf(blocks, name)));
}

/** Up to the last block in which some arm has the scenario; all of them where none ever has it. */
export function blocksOf(blocks: readonly Block[], scenario: string): number {
  const last = blocks.findLastIndex((block) => hasScenario(block, scenario));
  return last < 0 ? blocks.length : last + 1;
}

/** Whether some arm was measured on the scenario in this block. */
export function hasScenario(block: Block, scenario: string): boolean {
  return Object.values(block.arms).some((arm) => ownProperty(arm.scenarios, scenario) !== undefined);
}
