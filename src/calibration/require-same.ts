import { isDeepStrictEqual } from "node:util";
import { TailgateError } from "../error.js";
import { SERVICE_METRICS } from "../metrics/metrics.js";
import type { Plan } from "../model/plan.js";
import { serviceGateKey } from "../model/gates-plan.js";
import type { CalibrationRecord } from "./record.js";

/**
 * Whether a record can go on with what is asked for now.
 *
 * @throws TailgateError "config" that names what differs: blocks of different code or load must not be mixed
 */
export function requireSame(
  before: CalibrationRecord,
  now: Pick<CalibrationRecord, "commit" | "copies" | "changes" | "plan">,
  folder: string,
): void {
  const shas = (record: Pick<CalibrationRecord, "changes">): unknown =>
    record.changes.map(({ name, commit }) => [name, commit.sha]);
  const differs = [
    ...(before.commit.sha === now.commit.sha ? [] : ["another commit"]),
    ...(isDeepStrictEqual(before.copies, now.copies) ? [] : ["another number of copies"]),
    ...(isDeepStrictEqual(shas(before), shas(now)) ? [] : ["other known changes"]),
    // Through JSON, as the one before came.
    ...(isDeepStrictEqual(measured(before.plan), JSON.parse(JSON.stringify(measured(now.plan))))
      ? []
      : ["another configuration"]),
  ];
  if (differs.length === 0) return;
  throw new TailgateError(
    "config",
    `${folder} holds a calibration with ${differs.join(" and ")}: their blocks must not be mixed.`,
    "Begin anew with `--fresh`, or keep both: name another folder with `--out`.",
  );
}

/** A plan less what only the judging needs: by other limits the same blocks can be judged again. */
function measured(plan: Plan): object {
  return {
    ...plan,
    scenarios: plan.scenarios.map((scenario) => ({ ...scenario, gates: null })),
    ...Object.fromEntries(SERVICE_METRICS.map(({ name }) => [serviceGateKey(name), null])),
    experiment: { ...plan.experiment, strict: null },
    report: null,
  };
}
