import { cpus, release, totalmem, type } from "node:os";
import { isFatal, lastingWarnings } from "../experiment/validity-warnings.js";
import { describeValidityFailure } from "../reporters/text/methodology-of-blocks.js";
import { measuredBetween } from "../history/measured-between.js";
import { sinceRelease } from "../history/since-release.js";
import { RESULT_SCHEMA, type Result, type Warning } from "../model/result.js";
import { planWithoutSecrets, withoutSecrets } from "../service/log/redact.js";
import { secretsOf } from "../service/log/secrets.js";
import { leftOutOn } from "../service/lifecycle/supported-system.js";
import { VERSION } from "../version.js";
import { concludeMeasurement } from "./conclude-measurement.js";
import type { RunPorts } from "./connect-ports.js";
import type { MeasuredArms } from "./measure-available-arms.js";
import type { PreparedArms } from "./arms/prepare-arms.js";
import { type PlannedRun, revisionOf } from "./read-plan.js";
import { reproduceCommand } from "./reproduce-command.js";
import type { RunContext } from "./run-context.js";

/** Everything that a run found out. */
export interface RunRecord {
  readonly context: RunContext;
  readonly planned: PlannedRun;
  readonly prepared: PreparedArms;
  readonly ports: Pick<RunPorts, "placement" | "usageUnavailable" | "firstDifferences" | "sameDeployments">;
  readonly measured: MeasuredArms;
  readonly startedAt: Date;
  /** Of the whole run, builds included; by a clock that never goes back. */
  readonly durationMs: number;
}

/** A run's record -> `result.json`. */
export function buildResult(record: RunRecord): Result {
  const { context, planned, prepared, ports, startedAt, durationMs } = record;
  const { plan, revisions, subfolder } = planned;
  const { measurement } = record.measured;
  const stored = typeof planned.history === "string" ? null : planned.history;
  const conclusion = concludeMeasurement(plan, record.measured, startedAt.toISOString().slice(0, 10));
  const result: Result = {
    schema: RESULT_SCHEMA,
    ...conclusion,
    warnings: [...runWarnings(record), ...conclusion.warnings],
    seed: plan.experiment.seed,
    startedAt: startedAt.toISOString(),
    durationMs,
    arms: plan.arms.map(({ name, role }) => ({
      name,
      role,
      revision: revisionOf({ role }, revisions),
      buildMs: prepared.arms.find((arm) => arm.plan.name === name)?.buildMs ?? null,
      usageUnavailable: ports.usageUnavailable.get(name) ?? null,
    })),
    plan: planWithoutSecrets(plan),
    schedule: "schedule" in measurement ? measurement.schedule : null,
    environment: {
      tailgate: VERSION,
      node: process.version,
      system: `${type()} ${release()} ${process.arch}`,
      cpuModel: cpus()[0]?.model.trim() ?? "unknown",
      cores: cpus().length,
      memoryBytes: totalmem(),
      placement: ports.placement.words,
      runner: context.runner,
      attempt: context.attempt,
    },
    stopped: {
      look: measurement.kind === "measured" ? (measurement.judgement?.look ?? 0) : 0,
      blocks: measurement.blocks.filter((block) => block.distrust.length === 0).length,
      why: measurement.kind === "measured" ? measurement.why : conclusion.reason,
    },
    blocks: measurement.blocks,
    reproduce: reproduceCommand(context, plan, revisions, subfolder),
    sinceRelease: stored === null ? [] : sinceRelease(stored.lines, stored.order, plan.report.key),
    between: measuredBetween(revisions?.between ?? [], stored?.lines ?? [], plan.report.key),
    explanation: null,
  };
  // It is uploaded, and shown to whoever may read the pull request.
  return withoutSecrets(
    result,
    secretsOf(context.environment, ...plan.arms.map(({ service }) => service.env)),
  );
}

/** What a reader should know beside the verdict. */
function runWarnings({ context, planned, prepared, ports, measured }: RunRecord): Warning[] {
  const { plan, revisions } = planned;
  const { blocks, notes } = measured.measurement;
  const rerun: Warning[] =
    context.attempt > 1
      ? [
          {
            code: "re-run",
            message: `this is attempt ${context.attempt} of the same run: repeating until it is green makes an error more likely than the stated rate`,
          },
        ]
      : [];
  return [
    ...rerun,
    ...leftOutOn(process.platform).map((message) => ({ code: "system", message })),
    ...(typeof planned.history === "string" ? [{ code: "history", message: planned.history }] : []),
    ...(revisions?.notes ?? []).map((message) => ({ code: "revisions", message })),
    ...[...plan.notes, ...prepared.notes].map((message) => ({ code: "configuration", message })),
    ...ports.firstDifferences().map((message) => ({ code: "first-responses", message })),
    ...ports.sameDeployments().map((message) => ({ code: "same-deployment", message })),
    ...lastingWarnings(blocks)
      .filter((warning) => !isFatal(warning))
      .map((warning) => ({
        code: warning.kind,
        message: `this machine was busy with other things in most blocks (${describeValidityFailure(warning)}), which makes all figures noisier`,
      })),
    ...notes.map((message) => ({ code: "pilot", message })),
  ];
}
