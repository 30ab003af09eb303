import type { ArmPlan, Plan } from "../model/plan.js";
import type { ScenarioPlan } from "../model/scenario-plan.js";
import type { Schedule } from "../model/schedule.js";
import type { ExperimentPorts } from "./experiment-ports.js";

/** Everything that the blocks of one experiment share. */
export interface Experiment {
  readonly plan: Plan;
  /** Those of the plan's scenarios that are not settled yet; left out: all. */
  readonly open?: readonly ScenarioPlan[];
  /** Those of the plan's arms that can be measured. */
  readonly arms: readonly ArmPlan[];
  readonly schedule: Schedule;
  readonly ports: ExperimentPorts;
}
