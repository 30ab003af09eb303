import type { ArmMeasurement } from "../metrics/measurement.js";
import type { Block } from "../model/block.js";
import type { Plan } from "../model/plan.js";
import type { Schedule } from "../model/schedule.js";
import type { ShardDocument } from "../model/shard.js";
import { mean } from "../stats/sum.js";

/** What several runners measured, as one run. */
export interface JoinedRun {
  /** Where scenarios were divided: only those that were measured. */
  readonly plan: Plan;
  /** Judged once, with all blocks. */
  readonly schedule: Schedule;
  readonly blocks: readonly Block[];
}

/**
 * Shards -> one run.
 *
 * @param shards - those that measured, of one run, in their order; one at least
 */
export function joinShards(shards: readonly [ShardDocument, ...ShardDocument[]]): JoinedRun {
  const [{ plan, schedule, by }] = shards;
  const blocks = by === "blocks" ? inTurn(shards) : sideBySide(shards);
  const trusted = blocks.filter(({ distrust }) => distrust.length === 0).length;
  return {
    plan: by === "blocks" ? plan : onlyMeasured(plan, blocks),
    schedule: { ...schedule, maximumBlocks: Math.max(1, trusted), looks: trusted > 0 ? [trusted] : [] },
    blocks,
  };
}

/** The first block of every shard, then the second of every: each runner's share grows evenly. */
function inTurn(shards: readonly ShardDocument[]): Block[] {
  const longest = Math.max(0, ...shards.map(({ blocks }) => blocks.length));
  return Array.from({ length: longest }, (_, place) =>
    shards.flatMap(({ blocks }) => blocks.slice(place, place + 1)),
  )
    .flat()
    .map((block, place) => ({ ...block, index: place + 1 }));
}

/** Blocks that hold the scenarios of all shards: the n-th of every runner together. */
function sideBySide(shards: readonly ShardDocument[]): Block[] {
  const trusted = shards.map(({ blocks }) => blocks.filter(({ distrust }) => distrust.length === 0));
  const shortest = Math.min(...trusted.map((blocks) => blocks.length));
  return Array.from({ length: shortest }, (_, place) =>
    together(
      trusted.map((blocks) => blocks[place]!),
      place + 1,
    ),
  );
}

function together(blocks: readonly Block[], index: number): Block {
  const first = blocks[0]!;
  const names = Object.keys(first.arms).filter((arm) => blocks.every(({ arms }) => arms[arm] !== undefined));
  const largest = (of: (block: Block) => number | null | undefined): number | null => {
    const known = blocks.map(of).filter((value) => typeof value === "number");
    return known.length === 0 ? null : Math.max(...known);
  };
  const otherWorkShare = largest(({ machine }) => machine.otherWorkShare);
  return {
    ...first,
    index,
    // No single runner measured it.
    shard: undefined,
    durationMs: Math.max(...blocks.map(({ durationMs }) => durationMs)),
    arms: Object.fromEntries(names.map((arm) => [arm, ofAllScenarios(blocks.map(({ arms }) => arms[arm]!))])),
    machine: {
      stealShare: largest(({ machine }) => machine.stealShare),
      cpuPressureShare: largest(({ machine }) => machine.cpuPressureShare),
      ...(otherWorkShare === null ? {} : { otherWorkShare }),
    },
    doubts: blocks.flatMap(({ doubts }) => doubts),
  };
}

/** An arm whose scenarios ran on several machines. Its memory is the mean of them: each arm's has the same parts. */
function ofAllScenarios(measured: readonly ArmMeasurement[]): ArmMeasurement {
  const peaks = measured.map(({ peakResidentBytes }) => peakResidentBytes).filter((bytes) => bytes !== null);
  return {
    ...measured[0]!,
    peakResidentBytes: peaks.length < measured.length ? null : mean(peaks),
    scenarios: Object.fromEntries(measured.flatMap(({ scenarios }) => Object.entries(scenarios))),
  };
}

function onlyMeasured(plan: Plan, blocks: readonly Block[]): Plan {
  const measured = new Set(
    blocks.flatMap(({ arms }) => Object.values(arms).flatMap(({ scenarios }) => Object.keys(scenarios))),
  );
  const scenarios = plan.scenarios.filter(({ name }) => measured.has(name));
  return scenarios.length === 0 ? plan : { ...plan, scenarios };
}
