import type { TailgateErrorCode } from "../../error.js";
import type { Phase } from "../profile.js";
import type { SamplePiece, PhaseSummary } from "./transfer.js";

/** From the parent to the generator process. */
export type Request =
  | { readonly type: "run"; readonly id: number; readonly phase: Phase; readonly mayWaitAwake: boolean }
  | { readonly type: "abort"; readonly id: number }
  | { readonly type: "disconnect"; readonly id: number };

/** From the generator process to the parent. */
export type Reply =
  | { readonly type: "ready" }
  | { readonly type: "progress"; readonly id: number; readonly ended: number }
  | ({
      /** Ahead of the result that it belongs to. */ readonly type: "piece";
      readonly id: number;
    } & SamplePiece)
  | { readonly type: "result"; readonly id: number; readonly result: PhaseSummary }
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
