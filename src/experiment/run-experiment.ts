import type { Block, ValidityFailure } from "../model/block.js";
import { MINIMUM_BLOCKS } from "../stats/alpha-spending.js";
import type { Experiment } from "./experiment.js";
import { runBlock } from "./run-block.js";
import { isFatal, lastingWarnings } from "./validity-warnings.js";

/** What the judge says after a look. */
type Look = { readonly kind: "continue" } | { readonly kind: "decided"; readonly why: string };

/** What an experiment tells its caller while it runs. */
export interface ExperimentListener {
  /** A block has ended, trusted or not; it is stored before the next one starts. */
  blockEnded(block: Block): Promise<void>;
  /**
   * Asked after every trusted block whether the verdict is clear. The judge itself judges only at planned looks, and
   * spends a part of the error at each. `isLast`: no further block will be measured.
   */
  look(trusted: readonly Block[], isLast: boolean): Look;
}

type ExperimentEnd =
  | { readonly kind: "decided" | "budget-spent"; readonly blocks: readonly Block[]; readonly why: string }
  /** A block failed its validity checks twice; or most blocks share a fatal warning. */
  | {
      readonly kind: "untrusted";
      readonly blocks: readonly Block[];
      readonly failures: readonly ValidityFailure[];
    };

/**
 * Measures block after block until the verdict is clear, the schedule's blocks are done, or the budget is spent.
 * A block that cannot be trusted is run again once.
 *
 * @throws TailgateError "revision" when base is not the program any more that it was
 */
export async function runExperiment(
  experiment: Experiment,
  listener: ExperimentListener,
): Promise<ExperimentEnd> {
  const { plan, schedule, ports } = experiment;
  const startedMs = ports.nowMs();
  const trusted: Block[] = [];
  await ports.verifyBase();
  while (trusted.length < schedule.maximumBlocks) {
    const block = await trustedBlock(experiment, trusted.length + 1, listener);
    if (block.distrust.length > 0) return { kind: "untrusted", blocks: trusted, failures: block.distrust };
    trusted.push(block);
    const fatal = lastingWarnings(trusted).filter(isFatal);
    if (fatal.length > 0) return { kind: "untrusted", blocks: trusted, failures: fatal };

    const elapsedMs = ports.nowMs() - startedMs;
    const nextEndsMs = elapsedMs + elapsedMs / trusted.length;
    const spent = trusted.length >= MINIMUM_BLOCKS && nextEndsMs > plan.experiment.budgetMs;
    const isLast = spent || trusted.length === schedule.maximumBlocks;
    // Nothing is concluded from blocks in which base may have been another program.
    if (isLast || schedule.looks.includes(trusted.length)) await ports.verifyBase();
    const look = listener.look(trusted, isLast);
    if (look.kind === "decided") return { kind: "decided", blocks: trusted, why: look.why };
    if (spent) break;
  }
  const why =
    trusted.length === schedule.maximumBlocks
      ? `all ${trusted.length} planned blocks are measured`
      : `the budget is spent after ${trusted.length} blocks`;
  return { kind: "budget-spent", blocks: trusted, why };
}

/** How often a block is run at most. */
const ATTEMPTS = 2;

/** The block, or its repetition when the first try could not be trusted. */
export async function trustedBlock(
  experiment: Experiment,
  index: number,
  listener: Pick<ExperimentListener, "blockEnded">,
): Promise<Block> {
  for (let attempt = 1; ; attempt++) {
    const block = await runBlock(experiment, { seed: experiment.schedule.seed, block: index, attempt });
    await listener.blockEnded(block);
    if (block.distrust.length === 0 || attempt === ATTEMPTS) return block;
  }
}
