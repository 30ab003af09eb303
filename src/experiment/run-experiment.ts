import type { ArmPlan, Plan } from "../model/plan.js";
import type { ExperimentPorts } from "./experiment-ports.js";
import type { Block, ValidityFailure } from "../model/block.js";
import { isFatal, lastingWarnings } from "./validity-warnings.js";
import { MINIMUM_BLOCKS } from "../stats/alpha-spending.js";
import { runBlock } from "./run-block.js";
import type { Schedule } from "../model/schedule.js";

/** What the judge says after a look. */
export type Look = { readonly kind: "continue" } | { readonly kind: "decided"; readonly why: string };

/** What an experiment tells its caller while it runs. */
export interface Listener {
  /** A block has ended, trusted or not; it is stored before the next one starts. */
  blockEnded(block: Block): Promise<void>;
  /**
   * Asked after every trusted block: is the answer clear? Judging only at looks, and spending the error at each, is
   * the judge's business. `isLast`: no further block will be measured.
   */
  look(trusted: readonly Block[], isLast: boolean): Look;
}

export type Ended =
  | { readonly kind: "decided" | "budget-spent"; readonly blocks: readonly Block[]; readonly why: string }
  /** A block could not be trusted, nor its repetition; or most blocks share a doubt. */
  | {
      readonly kind: "untrusted";
      readonly blocks: readonly Block[];
      readonly distrust: readonly ValidityFailure[];
    };

/**
 * Measures block after block until the answer is clear, the schedule's blocks are done, or the budget is spent.
 * A block that cannot be trusted is run again once.
 */
export async function runExperiment(
  plan: Plan,
  arms: readonly ArmPlan[],
  schedule: Schedule,
  bench: ExperimentPorts,
  listener: Listener,
): Promise<Ended> {
  const startedMs = bench.nowMs();
  const trusted: Block[] = [];
  while (trusted.length < schedule.maximumBlocks) {
    const index = trusted.length + 1;
    const block = await trustedBlock(plan, arms, schedule, index, bench, listener);
    if (block.distrust.length > 0) return { kind: "untrusted", blocks: trusted, distrust: block.distrust };
    trusted.push(block);
    const doubts = lastingWarnings(trusted).filter(isFatal);
    if (doubts.length > 0) return { kind: "untrusted", blocks: trusted, distrust: doubts };

    const elapsedMs = bench.nowMs() - startedMs;
    const nextEndsMs = elapsedMs + elapsedMs / trusted.length;
    const spent = trusted.length >= MINIMUM_BLOCKS && nextEndsMs > plan.experiment.budgetMs;
    const look = listener.look(trusted, spent || trusted.length === schedule.maximumBlocks);
    if (look.kind === "decided") return { kind: "decided", blocks: trusted, why: look.why };
    if (spent) break;
  }
  const why =
    trusted.length === schedule.maximumBlocks
      ? `all ${trusted.length} planned blocks are measured`
      : `the budget is spent after ${trusted.length} blocks`;
  return { kind: "budget-spent", blocks: trusted, why };
}

/** The block, or its repetition when the first try could not be trusted. */
export async function trustedBlock(
  plan: Plan,
  arms: readonly ArmPlan[],
  schedule: Schedule,
  index: number,
  bench: ExperimentPorts,
  listener: Pick<Listener, "blockEnded">,
): Promise<Block> {
  const first = await runBlock(
    plan,
    arms,
    schedule,
    { seed: schedule.seed, block: index, attempt: 1 },
    bench,
  );
  await listener.blockEnded(first);
  if (first.distrust.length === 0) return first;
  const second = await runBlock(
    plan,
    arms,
    schedule,
    { seed: schedule.seed, block: index, attempt: 2 },
    bench,
  );
  await listener.blockEnded(second);
  return second;
}
