import type { Block, ValidityFailure } from "../model/block.js";
import { fewestForVerdict } from "./fit-budget.js";
import type { Experiment } from "./experiment.js";
import { blockMs } from "./load-size.js";
import { ATTEMPTS } from "./order.js";
import { withoutSettled } from "./sent-load.js";
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
  /** Scenarios that need not be measured any more; asked after every look that did not decide. */
  settled(trusted: readonly Block[]): readonly string[];
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
 * Measures block after block until the verdict is clear, the schedule's blocks are done, or the budget is spent. What is
 * settled at a look is not measured any more, and leaves its time to what is open. A block that cannot be trusted is run
 * again once.
 *
 * @throws TailgateError "revision" when base is not the program any more that it was
 */
export async function runExperiment(
  experiment: Experiment,
  listener: ExperimentListener,
): Promise<ExperimentEnd> {
  const { plan, schedule, ports } = experiment;
  const startedMs = ports.nowMs();
  const budgetMs = plan.experiment.budgetMs - schedule.pilotMs;
  const trusted: Block[] = [];
  let open = plan.scenarios;
  await ports.verifyBase();
  while (trusted.length < schedule.maximumBlocks) {
    const block = await trustedBlock({ ...experiment, open }, trusted.length + 1, listener);
    if (block.distrust.length > 0) return { kind: "untrusted", blocks: trusted, failures: block.distrust };
    trusted.push(block);
    const fatal = lastingWarnings(trusted).filter(isFatal);
    if (fatal.length > 0) return { kind: "untrusted", blocks: trusted, failures: fatal };

    const isLook = schedule.looks.includes(trusted.length);
    const settled = new Set(isLook ? listener.settled(trusted) : []);
    const stillOpen = withoutSettled(open, settled);
    const elapsedMs = ports.nowMs() - startedMs;
    const nextEndsMs = elapsedMs + expectedMs(experiment, block, open, stillOpen);
    // A run that could say nothing yet may take one block more than its budget.
    const needed = trusted.length < fewestForVerdict(schedule.alpha) ? elapsedMs : nextEndsMs;
    const spent = needed > budgetMs;
    const isLast = spent || stillOpen.length === 0 || trusted.length === schedule.maximumBlocks;
    // Nothing is concluded from blocks in which base may have been another program.
    if (isLast || isLook) await ports.verifyBase();
    const look = listener.look(trusted, isLast);
    if (look.kind === "decided") return { kind: "decided", blocks: trusted, why: look.why };
    if (isLast) break;
    open = stillOpen;
  }
  const why =
    trusted.length === schedule.maximumBlocks
      ? `all ${trusted.length} planned blocks are measured`
      : `the budget is spent after ${trusted.length} blocks`;
  return { kind: "budget-spent", blocks: trusted, why };
}

type Scenarios = Experiment["plan"]["scenarios"];

/** How long the next block will take, by how long the last one took of what the schedule says. */
function expectedMs({ schedule }: Experiment, last: Block, measured: Scenarios, next: Scenarios): number {
  const [was, will] = [measured, next].map((of) =>
    blockMs(
      schedule,
      of.map(({ name }) => name),
    ),
  ) as [number, number];
  return last.durationMs * (was > 0 ? Math.min(1, will / was) : 1);
}

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
