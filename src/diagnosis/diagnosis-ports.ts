import type { ExperimentPorts } from "../experiment/experiment-ports.js";
import type { ArmPlan } from "../model/plan.js";
import type { Instrument } from "../probes/instrument.js";

/** What a diagnosis needs of the world beyond what the experiment did; the entry fills it in, tests fake it. */
export interface DiagnosisPorts {
  readonly experiment: ExperimentPorts;
  /** Every instrument there is; each finds the processes of its runtime. */
  readonly instruments: readonly Instrument[];
  /** Absolute, without links: the code of an arm. */
  folderOf(arm: string): Promise<string>;
  /** What a service of this arm gets to see of the job's environment and its own. */
  environmentOf(arm: ArmPlan): Readonly<Record<string, string | undefined>>;
  /** A new empty folder, for the sockets and files of one launch. */
  newFolder(): Promise<string>;
}
