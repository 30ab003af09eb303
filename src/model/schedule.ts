/** What the pilot settled for one scenario, fixed before the first block. */
export interface FixedLoad {
  readonly scenario: string;
  /** Arms it is measured on: without the baseline where that does not know the scenario. */
  readonly arms: readonly string[];
  /** Requests per second offered to every arm; the same for all. */
  readonly ratePerSecond: number;
  /** Where the rate comes from. */
  readonly rateFrom: "fixed" | "auto";
  /** Closed-loop capacity found in the pilot, by arm; `null` where it was not measured. */
  readonly capacityPerSecond: Readonly<Record<string, number | null>>;
  readonly burstMs: number;
  readonly capacityBurstMs: number;
  /** Requests per arm and block at the fixed rate; closed-loop before them to warm up, and after them for capacity. */
  readonly requests: number;
  readonly warmupRequests: number;
  readonly capacityRequests: number;
}

/** The whole experiment as announced before its first block. */
export interface Schedule {
  readonly loads: readonly FixedLoad[];
  readonly estimatedBlockMs: number;
  readonly maximumBlocks: number;
  readonly looks: readonly number[];
  readonly alpha: number;
  readonly seed: number;
  /** Arms that cannot run side by side run one after the other inside a block; this costs precision. */
  readonly sideBySide: boolean;
}
