import type { TailgateErrorCode } from "../../error.js";
import type { Phase, PhaseResult, RequestProfile, Target } from "../phase.js";
import type { Session } from "../requests/session.js";
import type { ArmSamples } from "../samples/samples.js";

/** The fields of samples that hold one entry per request. */
export const COLUMNS = [
  "intendedUs",
  "sentUs",
  "latencyUs",
  "status",
  "bytes",
  "outcome",
  "queued",
  "firstOnConnection",
] as const satisfies (keyof ArmSamples)[];

export type Column = (typeof COLUMNS)[number];
export type Columns = { readonly [C in Column]: ArmSamples[C] };

/** Consecutive entries of one column of one target. */
export interface SamplePiece {
  /** Index of the target. */
  readonly arm: number;
  readonly column: Column;
  /** Index of its first entry. */
  readonly from: number;
  /** Entries of the whole column. */
  readonly length: number;
  readonly data: Columns[Column];
}

/** A result without its columns, which are sent ahead of it. */
export interface PhaseSummary extends Omit<PhaseResult, "arms"> {
  readonly arms: readonly Omit<ArmSamples, Column>[];
}

/** From the parent to the generator process. */
export type Request =
  | { readonly type: "run"; readonly id: number; readonly phase: Phase; readonly mayWaitAwake: boolean }
  | {
      readonly type: "log-in";
      readonly id: number;
      readonly target: Target;
      readonly profile: RequestProfile;
    }
  | { readonly type: "abort"; readonly id: number }
  | { readonly type: "disconnect"; readonly id: number };

/** From the generator process to the parent. */
export type Reply =
  | { readonly type: "ready" }
  | { readonly type: "progress"; readonly id: number; readonly ended: number }
  | ({
      /** Sent ahead of the result that it belongs to. */ readonly type: "piece";
      readonly id: number;
    } & SamplePiece)
  | { readonly type: "result"; readonly id: number; readonly result: PhaseSummary }
  | { readonly type: "session"; readonly id: number; readonly session: Session }
  | { readonly type: "disconnected"; readonly id: number }
  | {
      /** Something the user can mend. */
      readonly type: "refused";
      readonly id: number;
      readonly code: TailgateErrorCode;
      readonly message: string;
      readonly hint: string;
    }
  | { /** A bug. */ readonly type: "broken"; readonly id: number; readonly stack: string };
