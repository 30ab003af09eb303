import type { Plan } from "../config/plan.js";
import { startGenerator } from "../load/generator.js";
import type { LoadGenerator } from "../load/profile.js";
import { startTimeOf } from "../service/identity.js";
import { type Placement, notPlaced, placementFor } from "../service/placement.js";
import { readProcessors } from "../service/processors.js";
import type { Job } from "./job.js";
import type { Workshop } from "./workshop.js";

/** With fewer processors, a database or other neighbour of the service needs the generator's as well. */
const ENOUGH_TO_WAIT_AWAKE = 4;

const NOT_PLACED = notPlaced("the generator could not be put on a processor of its own");

/** Starts the load generator, on a processor of its own where there are enough, and says which arms go where. */
export async function startPlaced(
  plan: Plan,
  job: Job,
  workshop: Workshop,
): Promise<{ readonly generator: LoadGenerator; readonly placement: Placement }> {
  const names = plan.arms.map((arm) => arm.name);
  const processors = readProcessors(job.environment);
  const wanted = placementFor(names, processors);
  const generator = await startGenerator({
    processors: wanted.generator,
    mayWaitAwake: (processors.allowed?.length ?? 0) >= ENOUGH_TO_WAIT_AWAKE,
  });
  workshop.folder.noteProcess({ pid: generator.pid, startTime: startTimeOf(generator.pid) });
  return { generator, placement: generator.processors === wanted.generator ? wanted : NOT_PLACED };
}
