import type { Plan } from "../model/plan.js";
import type { ExperimentPorts } from "../experiment/experiment-ports.js";
import type { ArmFailure } from "../experiment/launches.js";
import { type Measurement, runMeasurement } from "./run-measurement.js";
import type { RunContext } from "./run-context.js";
import type { PreparedArms } from "./prepare-arms.js";

export interface MeasuredArms {
  readonly carriedOut: Measurement;
  /** Why there is nothing to compare with: base does not build or start. Head was measured alone then. */
  readonly baselineFailure: ArmFailure | null;
}

/** Measures the arms that can be: all of them, or head alone where base is the one that cannot. */
export async function measureAvailableArms(
  plan: Plan,
  prepared: PreparedArms,
  ports: ExperimentPorts,
  context: RunContext,
): Promise<MeasuredArms> {
  const arms = prepared.arms.map((arm) => arm.plan);
  const failed = onlyBaseline(plan, prepared.failures);
  if (prepared.failures.length > 0 && failed === null) {
    return {
      carriedOut: { kind: "arms-failed", failures: prepared.failures, blocks: [], notes: [] },
      baselineFailure: null,
    };
  }
  if (failed !== null)
    return { carriedOut: await runMeasurement(plan, arms, ports, context), baselineFailure: failed };

  const together = await runMeasurement(plan, arms, ports, context);
  const missing = together.kind === "arms-failed" ? onlyBaseline(plan, together.failures) : null;
  if (missing === null) return { carriedOut: together, baselineFailure: null };
  context.journal.note(`${missing.arm} does not start: head is measured alone.`);
  const others = arms.filter((arm) => arm.role === "head");
  return { carriedOut: await runMeasurement(plan, others, ports, context), baselineFailure: missing };
}

/** Base's failure, when base and its copy are all that failed and there is a head to measure; else `null`. */
function onlyBaseline(plan: Plan, failures: readonly ArmFailure[]): ArmFailure | null {
  const roleOf = (name: string): string | undefined => plan.arms.find((arm) => arm.name === name)?.role;
  const others = failures.filter(({ arm }) => roleOf(arm) !== "base" && roleOf(arm) !== "control");
  return others.length === 0 ? (failures.find(({ arm }) => roleOf(arm) === "base") ?? null) : null;
}
