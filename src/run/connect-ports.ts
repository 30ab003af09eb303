import type { ArmPlan, Plan } from "../model/plan.js";
import type { ExperimentPorts } from "../experiment/experiment-ports.js";
import { watchMachine } from "../probes/machine-noise.js";
import type { LoadGenerator } from "../load/phase.js";
import { requireFreeSpace } from "../files/free-space.js";
import { launch } from "../service/lifecycle/launch.js";
import type { Placement } from "../service/lifecycle/placement.js";
import type { RunningService } from "../service/lifecycle/running-service.js";
import { seededRandom } from "../stats/random.js";
import type { RunContext } from "./run-context.js";
import { type PreparedArm, armEnvironment, runArmHook } from "./prepare-arms.js";
import type { RunWorkspace } from "./run-workspace.js";

export interface ConnectedPorts {
  readonly ports: ExperimentPorts;
  /** Arm -> why its CPU and memory are not available; filled while it is launched. */
  readonly usageUnavailable: ReadonlyMap<string, string | null>;
}

/** The experiment's edges as they are: processes, sockets, clocks. */
export function connectPorts(
  plan: Plan,
  arms: readonly PreparedArm[],
  generator: LoadGenerator,
  placement: Placement,
  context: RunContext,
  workspace: RunWorkspace,
): ConnectedPorts {
  const usageUnavailable = new Map<string, string | null>();
  // The run's own mark is in it: two runs with one seed on one machine would else try the same ports at the same time.
  const portRandom = seededRandom(plan.experiment.seed, `ports of ${workspace.folder.runId}`);
  const prepared = (arm: ArmPlan): PreparedArm => arms.find(({ plan: { name } }) => name === arm.name)!;
  const baseline = arms.find((arm) => arm.plan.name === plan.baseline);

  const ports: ExperimentPorts = {
    generator,
    signal: context.signal,
    async launch(arm, processors): Promise<RunningService> {
      const service = await launch({
        arm: arm.name,
        service: { ...arm.service, env: armEnvironment(arm) },
        checkout: prepared(arm).folder,
        environment: context.environment,
        logFile: workspace.log(`service-${arm.name}`),
        processors,
        runId: workspace.folder.runId,
        readyStatus: [],
        signal: context.signal,
        random: portRandom,
        onSpawn: workspace.folder.noteProcess,
      });
      usageUnavailable.set(arm.name, service.usageUnavailable);
      return service;
    },
    async reset(of) {
      for (const arm of of) {
        if (arm.service.reset !== null)
          await runArmHook("reset", arm.service.reset, prepared(arm), context, workspace);
      }
    },
    async verifyCheckouts() {
      requireFreeSpace(workspace.folder.path);
      await baseline?.checkout?.verifyUntouched();
    },
    processorsOf: (arm, block) => placement.processorsOf(arm, block),
    watchMachine: () => watchMachine(() => performance.now()),
    nowMs: () => performance.now(),
    date: () => new Date(),
  };
  return { ports, usageUnavailable };
}
