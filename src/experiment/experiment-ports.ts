import type { ArmPlan } from "../model/plan.js";
import type { LoadGenerator } from "../load/phase.js";
import type { RunningService } from "../service/lifecycle/running-service.js";
import type { MachineNoise } from "../model/block.js";

/** What an experiment needs of the world; the entry fills it in, tests fake it. */
export interface ExperimentPorts {
  /** Starts an arm and waits until it is ready. Rejects with a `service` TailgateError when it does not get there. */
  launch(arm: ArmPlan, processors: string | null): Promise<RunningService>;
  /** The one generator that serves all arms. */
  readonly generator: LoadGenerator;
  /** Runs every arm's reset hook, if it has one. */
  reset(arms: readonly ArmPlan[]): Promise<void>;
  /** Rejects when an arm's code is no longer what was built. */
  verifyCheckouts(): Promise<void>;
  /** Processor list of an arm in a block; `null`: not placed. */
  processorsOf(arm: string, block: number): string | null;
  watchMachine(): Promise<() => Promise<MachineNoise>>;
  /** Milliseconds of a clock that never goes back. */
  nowMs(): number;
  date(): Date;
  /** Aborted when the run is cancelled. */
  readonly signal: AbortSignal;
}
