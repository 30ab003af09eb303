import type { LoadValidityFailure } from "../load/samples/validity-checks.js";
import type { LatencyQuantiles } from "../load/samples/summarize-samples.js";
import type { GeneratorHealth } from "../load/profile.js";

/** Requests by how they failed. */
export interface ErrorCounts {
  readonly status: number;
  readonly timeout: number;
  readonly connection: number;
  readonly body: number;
}

/** What one arm did in one scenario of one block. */
export interface ScenarioObservation {
  readonly requests: number;
  readonly errors: ErrorCounts;
  /** Exact type-7 quantiles over this block's served requests; `null` when none was served. */
  readonly latencyUs: LatencyQuantiles | null;
  /** For pictures: 128 logarithmic bins between 1 us and 100 s, as `[bin, count]` pairs of those that are not empty. */
  readonly histogram: readonly (readonly [number, number])[];
  readonly achievedRatePerSecond: number;
  /** From the closed-loop phase. */
  readonly throughputPerSecond: number | null;
  readonly cpuUsPerRequest: number | null;
  /** While it is under load at the fixed rate. */
  readonly cpuShareOfCore: number | null;
  /** With every connection busy: the most that it takes. */
  readonly cpuShareOfCoreAtCapacity: number | null;
  readonly bytesPerResponse: number;
  readonly statuses: Readonly<Record<string, number>>;
  readonly reconnects: number;
}

export interface ArmObservation {
  readonly port: number;
  readonly startedInMs: number;
  readonly processors: string | null;
  readonly peakResidentBytes: number | null;
  readonly scenarios: Readonly<Record<string, ScenarioObservation>>;
}

/** Why a block cannot be believed. */
export type ValidityFailure =
  | LoadValidityFailure
  | { readonly kind: "foreign-listener"; readonly arm: string; readonly reason: string }
  | { readonly kind: "arm-gone"; readonly arm: string; readonly reason: string }
  | { readonly kind: "checkout-changed"; readonly arm: string; readonly reason: string };

/**
 * What a busy machine does to the generator now and then. Latency counts from the actual write, so one such block
 * still compares both arms fairly, and dropping it would drop just those blocks in which a CPU-hungry head starves the
 * generator.
 */
export type ValidityWarning = Extract<
  LoadValidityFailure,
  { kind: "generator-busy" | "generator-starved" | "dispatch-late" | "rate-missed" }
>;

/** Machine noise while the block ran; shown, never a reason to drop it. */
export interface MachineNoise {
  /** Share of CPU time stolen by the hypervisor; `null` where unknown. */
  readonly stealShare: number | null;
  /** Pressure stall: share of time some task waited for CPU; `null` where unknown. */
  readonly cpuPressureShare: number | null;
}

/** One launch of every arm: the unit of statistics. Stored as one line of `blocks.ndjson` as soon as it ends. */
export interface Block {
  readonly index: number;
  /** 2 when the first try could not be trusted. */
  readonly attempt: number;
  readonly seed: number;
  readonly startedAt: string;
  readonly durationMs: number;
  readonly startOrder: readonly string[];
  readonly arms: Readonly<Record<string, ArmObservation>>;
  readonly generator: GeneratorHealth;
  readonly machine: MachineNoise;
  /** Anything here makes the block worthless: it is run again once. */
  readonly distrust: readonly ValidityFailure[];
  readonly doubts: readonly ValidityWarning[];
}
