import type { ArmPlan, Plan } from "../config/plan.js";
import type { Bench } from "../experiment/bench.js";
import { watchMachine } from "../experiment/machine-noise.js";
import type { LoadGenerator } from "../load/profile.js";
import { requireRoom } from "../service/free-room.js";
import { launch } from "../service/launch.js";
import type { Placement } from "../service/placement.js";
import type { RunningService } from "../service/service.js";
import { seededRandom } from "../stats/random.js";
import type { Job } from "./job.js";
import { type PreparedArm, armEnvironment, runArmHook } from "./prepare.js";
import type { Workshop } from "./workshop.js";

export interface RealBench {
  readonly bench: Bench;
  /** Arm -> why its CPU and memory are not available; filled while it is launched. */
  readonly usageUnavailable: ReadonlyMap<string, string | null>;
}

/** The experiment's edges as they are: processes, sockets, clocks. */
export function realBench(
  plan: Plan,
  arms: readonly PreparedArm[],
  generator: LoadGenerator,
  placement: Placement,
  job: Job,
  workshop: Workshop,
): RealBench {
  const usageUnavailable = new Map<string, string | null>();
  // The run's own mark is in it: two runs with one seed on one machine would else try the same ports at the same time.
  const ports = seededRandom(plan.experiment.seed, `ports of ${workshop.folder.runId}`);
  const prepared = (arm: ArmPlan): PreparedArm => arms.find(({ plan: { name } }) => name === arm.name)!;
  const baseline = arms.find((arm) => arm.plan.name === plan.baseline);

  const bench: Bench = {
    generator,
    signal: job.signal,
    async launch(arm, processors): Promise<RunningService> {
      const service = await launch({
        arm: arm.name,
        service: { ...arm.service, env: armEnvironment(arm) },
        checkout: prepared(arm).folder,
        environment: job.environment,
        logFile: workshop.log(`service-${arm.name}`),
        processors,
        runId: workshop.folder.runId,
        readyStatus: [],
        signal: job.signal,
        random: ports,
        onSpawn: workshop.folder.noteProcess,
      });
      usageUnavailable.set(arm.name, service.usageUnavailable);
      return service;
    },
    async reset(of) {
      for (const arm of of) {
        if (arm.service.reset !== null)
          await runArmHook("reset", arm.service.reset, prepared(arm), job, workshop);
      }
    },
    async verifyCheckouts() {
      requireRoom(workshop.folder.path);
      await baseline?.checkout?.verifyUntouched();
    },
    processorsOf: (arm, block) => placement.processorsOf(arm, block),
    watchMachine: () => watchMachine(() => performance.now()),
    nowMs: () => performance.now(),
    date: () => new Date(),
  };
  return { bench, usageUnavailable };
}
