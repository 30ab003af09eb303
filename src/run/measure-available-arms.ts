import { TailgateError } from "../error.js";
import type { Plan } from "../model/plan.js";
import type { ArmFailure } from "../experiment/launches.js";
import type { RunPorts } from "./connect-ports.js";
import { type Measurement, runMeasurement } from "./run-measurement.js";
import { type Course, WHOLE } from "./course.js";
import type { RunContext } from "./run-context.js";
import type { PreparedArms } from "./arms/prepare-arms.js";

export interface MeasuredArms {
  readonly measurement: Measurement;
  /** Why there is nothing to compare with: base does not build or start. Head was measured alone then. */
  readonly baselineFailure: ArmFailure | null;
}

/** Measures all arms; or head alone where base, and nothing else, does not build or start. */
export async function measureAvailableArms(
  plan: Plan,
  { arms, failures, refusal }: PreparedArms,
  ports: Pick<RunPorts, "experiment" | "blocks">,
  context: RunContext,
  course: Course = WHOLE,
): Promise<MeasuredArms> {
  if (refusal !== null) {
    const measurement: Measurement = {
      kind: "stopped",
      schedule: null,
      error: refusal,
      blocks: [],
      notes: [],
    };
    return { measurement, baselineFailure: null };
  }
  const plans = arms.map((arm) => arm.plan);
  const all: Measurement =
    failures.length > 0
      ? { kind: "arms-failed", failures, blocks: [], notes: [] }
      : await runMeasurement(plan, plans, ports, context, course);
  // A deployment that is not there is no service that base does not have.
  const baselineFailure =
    all.kind === "arms-failed" && plan.deployments === undefined ? onlyBaseline(plan, all.failures) : null;
  if (baselineFailure === null) return { measurement: all, baselineFailure };
  if (arms.some((arm) => arm.plan.role === "base" && arm.program !== null)) {
    // It served before head was built. That it no longer does is head's doing or ours, and no missing baseline.
    const { code, message, hint } = baselineFailure.error;
    const error = new TailgateError(
      code,
      `base served before head was built, and no longer does: ${message}`,
      hint,
    );
    return {
      measurement: { ...all, kind: "arms-failed", failures: [{ ...baselineFailure, error }] },
      baselineFailure: null,
    };
  }

  context.journal.note(`${baselineFailure.arm} cannot be measured: head is measured alone.`);
  const heads = plans.filter((arm) => arm.role === "head");
  return { measurement: await runMeasurement(plan, heads, ports, context, course), baselineFailure };
}

/** Base's failure, when base and its copy are all that failed and there is a head to measure; else `null`. */
function onlyBaseline(plan: Plan, failures: readonly ArmFailure[]): ArmFailure | null {
  const roleOf = (name: string): string | undefined => plan.arms.find((arm) => arm.name === name)?.role;
  const others = failures.filter(({ arm }) => roleOf(arm) !== "base" && roleOf(arm) !== "control");
  return others.length === 0 ? (failures.find(({ arm }) => roleOf(arm) === "base") ?? null) : null;
}
