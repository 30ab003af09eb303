import { copyNames } from "../../src/calibration/arms.js";
import { type CalibrationRecord, RECORD_SCHEMA, type Recorded } from "../../src/calibration/record.js";
import type { ArmPlan } from "../../src/model/plan.js";
import { type Behaviour, madeUpBlocks, madeUpPlan, madeUpSchedule } from "../verdict/made-up-run.js";

/** A calibration of a quiet service: four copies, and an arm for each known change. */
export function madeUpCalibration(
  count: number,
  options: {
    readonly changes?: Readonly<Record<string, Behaviour>>;
    readonly maximumBlocks?: number;
    readonly copies?: number;
    readonly noise?: number;
  } = {},
): Recorded {
  const { changes = {}, maximumBlocks = 20, copies = 4, noise = 0.01 } = options;
  const plan = madeUpPlan();
  const looks = [12, 20, 30, 40].filter((look) => look < maximumBlocks);
  const record: CalibrationRecord = {
    schema: RECORD_SCHEMA,
    commit: { label: "main", sha: "0123456789".repeat(4) },
    copies: copyNames(copies),
    changes: Object.keys(changes).map((name) => ({ name, commit: { label: name, sha: "ab".repeat(20) } })),
    plan,
    schedule: madeUpSchedule(plan, { maximumBlocks, looks: [...looks, maximumBlocks] }),
    sessions: [
      { startedAt: "2026-11-21T10:00:00.000Z", machine: "2 x Model, 24 GiB, Linux 6.1 x64, Node v20.20.2" },
    ],
  };
  const arm = (name: string): ArmPlan => ({ ...plan.arms[0]!, name });
  const measured = { ...plan, arms: [...record.copies, ...Object.keys(changes)].map(arm) };
  return { record, blocks: madeUpBlocks(measured, count, (name) => changes[name] ?? {}, noise) };
}
