import type { Plan } from "./plan.js";
import type { Block } from "./block.js";
import type { Schedule } from "./schedule.js";
import type { ResultCell, RunVerdict } from "./result-cell.js";

export const RESULT_SCHEMA = "tailgate/result@1";

export interface Warning {
  /** Stable, kebab-case. */
  readonly code: string;
  readonly message: string;
}

export interface ResultArm {
  readonly name: string;
  readonly role: "base" | "head" | "control" | "stack";
  readonly revision: { readonly sha: string; readonly label: string; readonly dirty: boolean } | null;
  readonly buildMs: number | null;
  readonly usageUnavailable: string | null;
}

export interface Environment {
  readonly tailgate: string;
  readonly node: string;
  readonly system: string;
  readonly cpuModel: string;
  readonly cores: number;
  readonly memoryBytes: number;
  /** What runs on which processors, in words. */
  readonly placement: string;
  /** For instance "GitHub Actions, ubuntu-24.04"; `null` outside a known runner. */
  readonly runner: string | null;
  /** Which run of the same workflow this is: 2 and more is a re-run. */
  readonly attempt: number;
}

/** `result.json`. Every field is data: reports are made from this alone. */
export interface Result {
  readonly schema: typeof RESULT_SCHEMA;
  readonly verdict: RunVerdict;
  /** One sentence: why. */
  readonly reason: string;
  readonly seed: number;
  /** ISO 8601, UTC. */
  readonly startedAt: string;
  readonly durationMs: number;
  readonly arms: readonly ResultArm[];
  readonly plan: Plan;
  /** `null` when the run ended before its pilot did. */
  readonly schedule: Schedule | null;
  readonly environment: Environment;
  readonly warnings: readonly Warning[];
  readonly cells: readonly ResultCell[];
  readonly stopped: { readonly look: number; readonly blocks: number; readonly why: string };
  readonly blocks: readonly Block[];
  /** The command that repeats this run on a developer's machine. */
  readonly reproduce: string;
  /** For `invalid` and `no-baseline`: the last lines of the log of what failed. */
  readonly logTail: { readonly of: string; readonly lines: string } | null;
}
