import type { LoadGenerator } from "../load/phase.js";
import type { MachineNoise } from "../model/block.js";
import type { ArmPlan } from "../model/plan.js";
import type { Probe } from "../probes/probe.js";
import type { UsageReading } from "../probes/usage.js";
import type { RunningService } from "../service/lifecycle/running-service.js";

/** What an experiment needs of the world; the entry fills it in, tests fake it. */
export interface ExperimentPorts {
  /**
   * Starts an arm and waits until it is ready. Rejects with a `service` TailgateError when it does not get there.
   *
   * @param added - variables of its environment, in place of what the arm and the job have
   */
  launch(
    arm: ArmPlan,
    processors: string | null,
    added?: Readonly<Record<string, string>>,
  ): Promise<RunningService>;
  /** The one generator that serves all arms. */
  readonly generator: LoadGenerator;
  /** Runs every arm's reset hook, if it has one. */
  reset(arms: readonly ArmPlan[]): Promise<void>;
  /** Throws where a disk has no room left for a block. */
  requireRoom(): void;
  /** Rejects when base is no longer the program that served before head was built. */
  verifyBase(): Promise<void>;
  /** Processor list of an arm in a block; `null`: not placed. */
  processorsOf(arm: string, block: number): string | null;
  readonly probes: {
    /** Around a whole block. */
    readonly machine: Probe<MachineNoise>;
    /** Around all load of a block, for memory, and around each phase, for CPU. */
    usageOf(service: RunningService): Probe<UsageReading>;
  };
  /** Milliseconds of a clock that never goes back. */
  nowMs(): number;
  date(): Date;
  /** Aborted when the run is cancelled. */
  readonly signal: AbortSignal;
}
