import type { Plan } from "../model/plan.js";
import type { Block } from "../model/block.js";
import type { Schedule } from "../model/schedule.js";
import { acceptanceWarnings } from "./acceptance.js";
import { deploymentWarnings } from "./deployment-warnings.js";
import { grownResponses } from "./response-size.js";
import type { ResultCell, RunVerdict, Warning } from "../model/result.js";
import { failsFrom } from "./judging/error-rule.js";
import { dayOf, measuredFrom, trustedBlocks, type Measured } from "./observations-from-blocks.js";
import type { Judgement } from "../model/judgement.js";
import { machineInDoubt, withoutDoubtful } from "./machine-in-doubt.js";
import { outcomeOf, type Findings } from "./outcome.js";
import { overloadsIn, type Overload } from "./overload.js";
import { describeCell, describeOverload } from "./reason.js";
import { resultCells } from "./result-cells.js";
import { suspiciousImprovements } from "./response-checks.js";

/** A run that was measured, and what the statistics say of it. */
export interface MeasuredRun {
  readonly plan: Plan;
  readonly schedule: Schedule;
  readonly blocks: readonly Block[];
  /** `null` where too few blocks were measured to judge. */
  readonly judgement: Judgement | null;
  /** Day for which acceptances are looked up, `YYYY-MM-DD` (UTC); by default that of the first block. */
  readonly today?: string;
}

export interface Conclusion {
  readonly verdict: RunVerdict;
  /** One sentence without a full stop: why. */
  readonly reason: string;
  readonly cells: readonly ResultCell[];
  readonly warnings: readonly Warning[];
}

/**
 * The verdict of a run that was measured: what the statistics say, less what cannot be compared (overload, failing
 * requests, what one arm does not have) and less what a person has accepted.
 */
export function concludeRun(run: MeasuredRun): Conclusion {
  const { plan, schedule, judgement } = run;
  const blocks = trustedBlocks(run.blocks);
  const today = run.today ?? dayOf(blocks);
  const measured = measuredFrom(blocks, plan, schedule, today);
  const control = measured.observations.control;
  const overloads = overloadsIn(blocks, plan, schedule).filter(({ arm }) => arm !== control);
  const failing = failingIn(measured);
  const judged = resultCells({ plan, schedule, measured, judgement, overloads, failing, today });
  const doubt = machineInDoubt(blocks);
  const cells = doubt === null ? judged : withoutDoubtful(judged);
  const doubted = doubt === null ? null : { doubt, cells: judged };
  const findings = { plan, blocks, judgement, measured, cells, overloads, doubted };
  const warnings = [
    ...acceptanceWarnings(plan, cells, today),
    ...suspiciousImprovements(plan, blocks, cells).map((message) => ({
      code: "fast-because-broken",
      message,
    })),
    ...grownResponses(plan, blocks).map((message) => ({ code: "answers-grew", message })),
    ...overloads.filter((overload) => !overload.baselineServes).map(rateAboveCapacity),
    ...deploymentWarnings(plan, blocks, cells),
    ...notAvailable(findings),
  ];
  return { ...outcomeOf(findings), cells, warnings };
}

/** Scenarios whose requests fail in the candidate and not in the baseline, by the rule for errors. */
function failingIn({ observations }: Measured): { scenario: string | null; arm: string }[] {
  const { baseline, control, cells } = observations;
  return cells
    .filter((cell) => cell.gated)
    .flatMap((cell) =>
      Object.keys(cell.values)
        .filter((arm) => arm !== baseline && arm !== control && failsFrom(cell, baseline, arm) !== null)
        .map((arm) => ({ scenario: cell.scenario, arm })),
    );
}

function rateAboveCapacity(overload: Overload): Warning {
  return {
    code: "rate-above-capacity",
    message: `${describeOverload(overload)}: set a lower rate, or leave it to \`auto\``,
  };
}

/** A gate on something that cannot be measured does not count as passed: the report says that it is off. */
function notAvailable({ plan, cells, measured }: Findings): Warning[] {
  return measured.setAside.flatMap((aside) => {
    if (aside.kind === "no-baseline") return [];
    const cell = cells.find(
      ({ scenario, metric, arm }) =>
        scenario === aside.scenario && metric === aside.metric && arm === aside.arm,
    );
    if (cell?.verdict !== "unavailable" || cell.limit === null) return [];
    return {
      code: "gate-off",
      message: `${describeCell(cell, plan)} is not gated, because ${aside.because}`,
    };
  });
}
