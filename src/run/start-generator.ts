import type { Plan } from "../model/plan.js";
import { startGenerator } from "../load/generator/generator.js";
import type { LoadGenerator } from "../load/phase.js";
import { startTimeOf } from "../service/process/process-identity.js";
import { type Placement, notPlaced, placementFor } from "../service/lifecycle/placement.js";
import { readProcessors } from "../service/lifecycle/processors.js";
import type { RunContext } from "./run-context.js";
import type { RunWorkspace } from "./run-workspace.js";

/** With fewer processors, a database or other neighbour of the service needs the generator's as well. */
const ENOUGH_TO_WAIT_AWAKE = 4;

const NOT_PLACED = notPlaced("the generator could not be put on a processor of its own");

/** Starts the load generator, on a processor of its own where there are enough, and says which arms go where. */
export async function startGeneratorPlaced(
  plan: Plan,
  context: RunContext,
  workspace: RunWorkspace,
): Promise<{ readonly generator: LoadGenerator; readonly placement: Placement }> {
  const names = plan.arms.map((arm) => arm.name);
  const processors = readProcessors(context.environment);
  const wanted = placementFor(names, processors);
  const generator = await startGenerator({
    processors: wanted.generator,
    mayWaitAwake: (processors.allowed?.length ?? 0) >= ENOUGH_TO_WAIT_AWAKE,
  });
  workspace.folder.noteProcess({ pid: generator.pid, startTime: startTimeOf(generator.pid) });
  return { generator, placement: generator.processors === wanted.generator ? wanted : NOT_PLACED };
}
