import type { Block } from "../model/block.js";
import type { Plan } from "../model/plan.js";
import { TailgateError } from "../error.js";
import type { ExperimentPorts } from "../experiment/experiment-ports.js";
import { trustedBlock } from "../experiment/run-experiment.js";
import { trustedBlocks } from "../verdict/observations-from-blocks.js";
import { measuredSchedule } from "./arms.js";
import type { CalibrationTask } from "./calibration-task.js";
import { separatePairs } from "./pairs.js";
import { calibrationProgress } from "./progress.js";
import type { CalibrationRecord, Recorded } from "./record.js";

/** How many more blocks the runs need: at least one run in full, or none could use all of its looks. */
export function missingBlocks(runs: number, { record, blocks }: Recorded): number {
  const { maximumBlocks } = record.schedule;
  const wanted = Math.max(maximumBlocks, Math.ceil((runs * maximumBlocks) / separatePairs(record)));
  return Math.max(0, wanted - trustedBlocks(blocks).length);
}

/**
 * Measures the blocks that are missing, each stored as it ends.
 *
 * @param plan - every copy and every known change as an arm
 * @returns all blocks, earlier ones first
 * @throws TailgateError "load" when a block failed its validity checks twice
 */
export async function measureBlocks(
  record: CalibrationRecord,
  before: Recorded["blocks"],
  plan: Plan,
  ports: ExperimentPorts,
  { context, runs, store }: Pick<CalibrationTask, "context" | "runs" | "store">,
): Promise<Recorded["blocks"]> {
  const blocks = [...before];
  const names = plan.arms.map((arm) => arm.name);
  const schedule = measuredSchedule(record.schedule, names);
  const experiment = { plan, arms: plan.arms, schedule, ports };
  const startedMs = ports.nowMs();
  const had = trustedBlocks(before).length;
  const wanted = had + missingBlocks(runs, { record, blocks: before });
  context.journal.planned(withoutBudget(plan), {
    ...schedule,
    maximumBlocks: wanted - had,
    estimatedBlockMs: (schedule.estimatedBlockMs * names.length) / 2,
    looks: [wanted],
  });
  for (let done = had; done < wanted; done++) {
    const index = (blocks.at(-1)?.index ?? 0) + 1;
    const block = await trustedBlock(experiment, index, {
      async blockEnded(ended) {
        blocks.push(ended);
        await store.blocks.append(withoutHistograms(ended));
      },
    });
    if (block.distrust.length > 0)
      throw untrusted(
        block.distrust.map(({ kind }) => kind),
        context.outFolder,
      );
    context.journal.measured(
      calibrationProgress({ record, names, blocks, wanted, had, elapsedMs: ports.nowMs() - startedMs }),
    );
  }
  return blocks;
}

/** A run's budget ends no calibration: it measures the blocks of several runs. */
function withoutBudget(plan: Plan): Plan {
  return { ...plan, experiment: { ...plan.experiment, budgetMs: Number.POSITIVE_INFINITY } };
}

/** Histograms serve pictures alone, and are most of a block. */
function withoutHistograms(block: Block): Block {
  const arms = Object.entries(block.arms).map(([name, arm]) => {
    const scenarios = Object.entries(arm.scenarios).map(
      ([scenario, observation]) => [scenario, { ...observation, histogram: [] }] as const,
    );
    return [name, { ...arm, scenarios: Object.fromEntries(scenarios) }] as const;
  });
  return { ...block, arms: Object.fromEntries(arms) };
}

function untrusted(kinds: readonly string[], folder: string): TailgateError {
  return new TailgateError(
    "load",
    `A block failed its validity checks twice (${kinds.join(", ")}).`,
    `What was measured before is kept in ${folder}: the same command goes on from there.`,
  );
}
