import { join } from "node:path";
import type { ArmPlan, Plan } from "../model/plan.js";
import { TailgateError } from "../error.js";
import type { Block, ValidityFailure } from "../model/block.js";
import type { ArmFailure } from "../experiment/launches.js";
import { MINIMUM_BLOCKS } from "../stats/alpha-spending.js";
import { pilot, type Pilot, type PilotStep } from "../experiment/pilot/pilot.js";
import { type ExperimentListener, runExperiment } from "../experiment/run-experiment.js";
import type { Schedule } from "../model/schedule.js";
import { withoutSecrets } from "../service/log/redact.js";
import { secretsOf } from "../service/log/secrets.js";
import { replaceFile } from "../files/atomic-write.js";
import { observationsFrom } from "../verdict/observations-from-blocks.js";
import { judgeSoFar } from "../verdict/judging/judge.js";
import { settledScenarios } from "../verdict/judging/settled-scenarios.js";
import type { Judgement } from "../model/judgement.js";
import type { RunPorts } from "./connect-ports.js";
import type { RunContext } from "./run-context.js";
import { type Course, WHOLE } from "./course.js";
import { quoted } from "../text/escape.js";
import { progressState } from "./progress-state.js";

/** How the measuring of a run went. */
export type Measurement = {
  /** Every try, trusted or not, in order. */
  readonly blocks: readonly Block[];
  readonly notes: readonly string[];
} & (
  | {
      readonly kind: "measured";
      readonly schedule: Schedule;
      readonly judgement: Judgement | null;
      readonly why: string;
    }
  /** Arms that did not get ready. */
  | { readonly kind: "arms-failed"; readonly failures: readonly ArmFailure[] }
  /** A block could not be trusted, nor its repetition. */
  | { readonly kind: "untrusted"; readonly schedule: Schedule; readonly distrust: readonly ValidityFailure[] }
  /** Something stood in the way that the user can mend. */
  | { readonly kind: "stopped"; readonly schedule: Schedule | null; readonly error: TailgateError }
);

/**
 * Pilot, then blocks until the verdict is clear, or the part of that which the course asks for. After every block, raw
 * observations stand in the out folder: `blocks.ndjson`, and `observations.json` for `tailgate judge`. What was measured
 * before something went wrong stays.
 */
export async function runMeasurement(
  plan: Plan,
  arms: readonly ArmPlan[],
  { experiment, blocks: store }: Pick<RunPorts, "experiment" | "blocks">,
  context: RunContext,
  course: Course = WHOLE,
): Promise<Measurement> {
  const blocks: Block[] = [];
  let schedule: Schedule | null = null;
  let notes: readonly string[] = [];
  try {
    const found = await scheduleOf(course, plan, arms, experiment, context);
    if (found.kind === "arms-failed") return { ...found, blocks, notes };
    ({ schedule, notes } = found);
    context.journal.planned(plan, schedule);
    if (course.kind === "pilot") {
      return {
        kind: "measured",
        schedule,
        blocks,
        notes,
        judgement: null,
        why: "only the rate was asked for",
      };
    }

    const judge = course.kind === "whole" ? judgeWhileMeasuring(plan, schedule, arms) : NOBODY_JUDGES;
    const startedMs = experiment.nowMs();
    const secrets = secretsOf(context.environment, ...arms.map(({ service }) => service.env));
    const planned = { plan, arms, schedule, ports: experiment };
    const ended = await runExperiment(planned, {
      async blockEnded(ended) {
        // Reasons of failures hold text of the service.
        const own = course.kind === "shard" ? { ...ended, shard: course.shard } : ended;
        const block = withoutSecrets(own, secrets);
        blocks.push(block);
        await store.append(block);
        const observations = observationsFrom(blocks, plan, found.schedule);
        await replaceFile(join(context.outFolder, "observations.json"), `${JSON.stringify(observations)}\n`);
        context.journal.measured(progressState(plan, found.schedule, blocks, experiment.nowMs() - startedMs));
      },
      look: judge.look,
      settled: judge.settled,
    });
    return ended.kind === "untrusted"
      ? { kind: "untrusted", schedule, blocks, notes, distrust: ended.failures }
      : { kind: "measured", schedule, blocks, notes, judgement: judge.judgement(), why: ended.why };
  } catch (error) {
    if (!(error instanceof TailgateError)) throw error;
    return { kind: "stopped", schedule, blocks, notes, error };
  }
}

/** What the blocks are measured by: found here, or by another runner before. */
async function scheduleOf(
  course: Course,
  plan: Plan,
  arms: readonly ArmPlan[],
  experiment: RunPorts["experiment"],
  { journal }: RunContext,
): Promise<Pilot> {
  if (course.kind === "shard") return { kind: "fixed", schedule: course.schedule, notes: [] };
  journal.step("finding the rate");
  const tell = (step: PilotStep): void => {
    journal.step(describePilotStep(step));
  };
  return pilot(plan, arms, experiment, tell, course.kind === "pilot" ? course.division : null);
}

/** All blocks of a shard are measured, whatever they say: the merge judges once. */
const NOBODY_JUDGES: ReturnType<typeof judgeWhileMeasuring> = {
  judgement: () => null,
  settled: () => [],
  look: () => ({ kind: "continue" }),
};

function describePilotStep({ scenario, arm, step, steps }: PilotStep): string {
  return `finding the rate of ${quoted(scenario)} on ${arm} (${step} of ${steps})`;
}

/** The judge as the experiment asks it: at its looks, and at the end whatever is known. */
function judgeWhileMeasuring(
  plan: Plan,
  schedule: Schedule,
  arms: readonly ArmPlan[],
): Pick<ExperimentListener, "look" | "settled"> & { judgement(): Judgement | null } {
  const hasBaseline = arms.some((arm) => arm.name === plan.baseline);
  let judgement: Judgement | null = null;
  return {
    judgement: () => judgement,
    settled: (trusted) => (hasBaseline ? settledScenarios(observationsFrom(trusted, plan, schedule)) : []),
    look(trusted, isLast) {
      if (!hasBaseline) {
        return trusted.length >= MINIMUM_BLOCKS
          ? { kind: "decided", why: "there is no baseline to compare with" }
          : { kind: "continue" };
      }
      judgement = judgeSoFar(observationsFrom(trusted, plan, schedule), { more: !isLast });
      if (judgement === null) return { kind: "continue" };
      // An inconclusive judgement before the end is a control that differs: more blocks would not mend that.
      const why =
        judgement.verdict === "inconclusive" ? "the control differs from base" : "the verdict is clear";
      return judgement.verdict === "inconclusive" && isLast
        ? { kind: "continue" }
        : { kind: "decided", why: `${why} after ${trusted.length} blocks` };
    },
  };
}
