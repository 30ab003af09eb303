import type { Plan } from "../model/plan.js";
import type { Result, ResultCell, RunVerdict, Warning } from "../model/result.js";
import type { ArmFailure } from "../experiment/launches.js";
import { describeValidityFailure } from "../reporters/text/methodology-of-blocks.js";
import { firstLine } from "../text/lines.js";
import { concludeRun } from "../verdict/verdict.js";
import type { MeasuredArms } from "./measure-available-arms.js";

/** What a run says: the part of a result that depends on how the measuring went. */
export interface Conclusion {
  readonly verdict: RunVerdict;
  readonly reason: string;
  readonly cells: readonly ResultCell[];
  readonly warnings: readonly Warning[];
  readonly logTail: Result["logTail"];
}

/**
 * How the measuring went -> verdict, reason and cells.
 *
 * @param today - ISO date, by which acceptances expire
 */
export function concludeMeasurement(
  plan: Plan,
  { measurement, baselineFailure }: MeasuredArms,
  today: string,
): Conclusion {
  switch (measurement.kind) {
    case "measured": {
      const conclusion = concludeRun({
        plan,
        schedule: measurement.schedule,
        blocks: measurement.blocks,
        judgement: measurement.judgement,
        today,
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
      const failures = measurement.failures.map(armFailed);
      // Head alone may fail by what base failed by; the first failure tells more.
      const before = baselineFailure === null ? [] : [armFailed(baselineFailure)];
      const all = [...before, ...failures];
      return {
        ...invalid([...new Set(all.map((failure) => failure.reason))].join("; ")),
        logTail: all.find((failure) => failure.logTail !== null)?.logTail ?? null,
      };
    }
    case "untrusted":
      return invalidAfter(
        baselineFailure,
        `the measurement cannot be trusted: ${measurement.distrust.map(describeValidityFailure).join("; ")}`,
      );
    case "stopped": {
      const { error } = measurement;
      const conclusion = invalidAfter(
        baselineFailure,
        `${asSentence(firstLine(error.message))} ${error.hint}`,
      );
      // What is set up once has an output; it runs in the first arm.
      return error.code === "service" && baselineFailure === null
        ? { ...conclusion, logTail: armFailed({ arm: plan.baseline, error }).logTail }
        : conclusion;
    }
  }
}

/** What befell head when it was measured alone is told behind why it was. */
function invalidAfter(baselineFailure: ArmFailure | null, reason: string): Conclusion {
  if (baselineFailure === null) return invalid(reason);
  const before = armFailed(baselineFailure);
  return { ...invalid(`${before.reason}; head alone: ${reason}`), logTail: before.logTail };
}

function invalid(reason: string): Conclusion {
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
