import { cpus, release, totalmem, type } from "node:os";
import type { Plan } from "../model/plan.js";
import { isFatal, lastingWarnings } from "../experiment/validity-warnings.js";
import type { ArmFailure } from "../experiment/launches.js";
import { describeValidityFailure } from "../reporters/text/methodology-of-blocks.js";
import { RESULT_SCHEMA, type Result, type Warning } from "../model/result.js";
import type { ResolvedRevisions } from "../git/resolve-revisions.js";
import { withoutSecrets } from "./without-secrets.js";
import type { Placement } from "../service/lifecycle/placement.js";
import { leftOutOn } from "../service/lifecycle/supported-system.js";
import type { ResultCell, RunVerdict } from "../model/result.js";
import { concludeRun } from "../verdict/verdict.js";
import { VERSION } from "../version.js";
import type { RunContext } from "./run-context.js";
import type { MeasuredArms } from "./measure-available-arms.js";
import type { PreparedArm } from "./prepare-arms.js";
import { reproduceCommand } from "./reproduce-command.js";

/** Everything that a run found out. */
export interface RunRecord {
  readonly context: RunContext;
  readonly plan: Plan;
  readonly revisions: ResolvedRevisions | null;
  readonly subfolder: string;
  readonly arms: readonly PreparedArm[];
  readonly placement: Placement;
  readonly usageUnavailable: ReadonlyMap<string, string | null>;
  readonly measured: MeasuredArms;
  readonly startedAt: Date;
}

interface Told {
  readonly verdict: RunVerdict;
  readonly reason: string;
  readonly cells: readonly ResultCell[];
  readonly warnings: readonly Warning[];
  readonly logTail: Result["logTail"];
}

/** A run's record -> `result.json`. */
export function buildResult(record: RunRecord): Result {
  const { context, plan, revisions, subfolder, measured, startedAt } = record;
  const { carriedOut } = measured;
  const told = tell(record);
  const judged = carriedOut.kind === "measured" ? (carriedOut.judgement?.look ?? 0) : 0;
  return {
    schema: RESULT_SCHEMA,
    ...told,
    warnings: [...remarks(record), ...told.warnings],
    seed: plan.experiment.seed,
    startedAt: startedAt.toISOString(),
    durationMs: Date.now() - startedAt.getTime(),
    arms: plan.arms.map(({ name, role }) => {
      const arm = record.arms.find((one) => one.plan.name === name);
      const revision = arm?.revision ?? revisionOf(role, revisions);
      return {
        name,
        role,
        revision,
        buildMs: arm?.buildMs ?? null,
        usageUnavailable: record.usageUnavailable.get(name) ?? null,
      };
    }),
    plan: withoutSecrets(plan),
    schedule: "schedule" in carriedOut ? carriedOut.schedule : null,
    environment: {
      tailgate: VERSION,
      node: process.version,
      system: `${type()} ${release()} ${process.arch}`,
      cpuModel: cpus()[0]?.model.trim() ?? "unknown",
      cores: cpus().length,
      memoryBytes: totalmem(),
      placement: record.placement.words,
      runner: context.runner,
      attempt: context.attempt,
    },
    stopped: {
      look: judged,
      blocks: carriedOut.blocks.filter((block) => block.distrust.length === 0).length,
      why: carriedOut.kind === "measured" ? carriedOut.why : told.reason,
    },
    blocks: carriedOut.blocks,
    reproduce: reproduceCommand(context, plan, revisions, subfolder),
  };
}

function tell(record: RunRecord): Told {
  const { plan, measured, startedAt } = record;
  const { carriedOut, baselineFailure } = measured;
  switch (carriedOut.kind) {
    case "measured": {
      const conclusion = concludeRun({
        plan,
        schedule: carriedOut.schedule,
        blocks: carriedOut.blocks,
        judgement: carriedOut.judgement,
        today: startedAt.toISOString().slice(0, 10),
      });
      if (baselineFailure === null) return { ...conclusion, logTail: null };
      const failure = armFailed(baselineFailure);
      return {
        ...conclusion,
        verdict: "no-baseline",
        reason: `${failure.reason}: there is nothing to compare with`,
        logTail: failure.logTail,
      };
    }
    case "arms-failed": {
      const failures = carriedOut.failures.map(armFailed);
      const reason = failures.map((failure) => failure.reason).join("; ");
      return {
        ...invalid(reason),
        logTail: failures.find((failure) => failure.logTail !== null)?.logTail ?? null,
      };
    }
    case "untrusted":
      return invalid(
        `the measurement cannot be trusted: ${carriedOut.distrust.map(describeValidityFailure).join("; ")}`,
      );
    case "stopped":
      return invalid(`${asSentence(firstLine(carriedOut.error.message))} ${carriedOut.error.hint}`);
  }
}

function invalid(reason: string): Told {
  return { verdict: "invalid", reason, cells: [], warnings: [], logTail: null };
}

/** The service room's errors end with the log's tail; a report shows that apart. */
function armFailed({ arm, error }: ArmFailure): {
  readonly reason: string;
  readonly logTail: Result["logTail"];
} {
  const [first, ...rest] = error.message.split("\n");
  const lines = rest.slice(1).join("\n");
  return {
    reason: first!.replace(/\.?$/, ""),
    logTail: lines === "" ? null : { of: arm, lines },
  };
}

function asSentence(text: string): string {
  return text.replace(/\.?$/, ".");
}

function firstLine(text: string): string {
  return text.split("\n", 1)[0]!;
}

function revisionOf(role: string, revisions: ResolvedRevisions | null): ResolvedRevisions["base"] | null {
  if (revisions === null) return null;
  return role === "head" ? revisions.head : revisions.base;
}

/** What a reader should know beside the verdict. */
function remarks({ context, plan, revisions, measured }: RunRecord): Warning[] {
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
    ...(revisions?.notes ?? []).map((message) => ({ code: "revisions", message })),
    ...plan.notes.map((message) => ({ code: "configuration", message })),
    ...lastingWarnings(measured.carriedOut.blocks)
      .filter((doubt) => !isFatal(doubt))
      .map((doubt) => ({
        code: doubt.kind,
        message: `this machine was busy with other things in most blocks (${describeValidityFailure(doubt)}), which makes all figures noisier`,
      })),
    ...measured.carriedOut.notes.map((message) => ({ code: "pilot", message })),
  ];
}
