import { checkInputs } from "../../src/config/inputs.js";
import { readConfigFile } from "../../src/config/file/read-file.js";
import { makePlan } from "../../src/config/make-plan.js";
import { TailgateError } from "../../src/error.js";
import { pilot } from "../../src/experiment/pilot/pilot.js";
import type { ExperimentListener } from "../../src/experiment/run-experiment.js";
import type { Block } from "../../src/model/block.js";
import type { Plan } from "../../src/model/plan.js";
import type { Schedule } from "../../src/model/schedule.js";
import type { FakeWorld } from "./fake-world.js";

export const CONFIG = `service: { start: x }
scenarios: [{ name: a, path: /a }, { name: b, path: /b }]
load: { requests: 100, warmup: 50 }
`;

export function planOf(extra = ""): Plan {
  const headFile = readConfigFile(new TextEncoder().encode(CONFIG + extra), "tailgate.yml");
  return makePlan({ inputs: checkInputs({}, "flag"), headFile, baseFile: null });
}

export const GONE = new TailgateError("load", "127.0.0.1:4000 refuses connections", "It is gone.");

export async function scheduleOf(world: FakeWorld, plan = planOf()): Promise<Schedule> {
  const found = await pilot(plan, plan.arms, world.ports);
  if (found.kind !== "fixed") throw new Error("the pilot failed");
  world.events.length = 0;
  world.phases.length = 0;
  world.nowMs = 0;
  return found.schedule;
}

export function listener(
  look: ExperimentListener["look"] = () => ({ kind: "continue" }),
): ExperimentListener & { readonly stored: Block[] } {
  const stored: Block[] = [];
  return {
    stored,
    blockEnded: (block) => {
      stored.push(block);
      return Promise.resolve();
    },
    look,
    settled: () => [],
  };
}

export const afterBlocks =
  (count: number): ExperimentListener["look"] =>
  (blocks) =>
    blocks.length >= count ? { kind: "decided", why: "clear" } : { kind: "continue" };
