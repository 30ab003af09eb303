import { describe, expect, test } from "vitest";
import { readConfigFile } from "../../src/config/file/read-file.js";
import { checkInputs } from "../../src/config/inputs.js";
import { makePlan } from "../../src/config/make-plan.js";
import { pilot } from "../../src/experiment/pilot/pilot.js";
import { runBlock } from "../../src/experiment/run-block.js";
import { OUTCOMES } from "../../src/load/samples/samples.js";
import type { Plan } from "../../src/model/plan.js";
import type { Schedule } from "../../src/model/schedule.js";
import { fakeWorld, type FakeWorld } from "./fake-world.js";

function planOf(rate = "auto"): Plan {
  const text = `arms: { base: { url: "http://a.test" }, head: { url: "http://b.test" } }
scenarios: [{ name: list, path: / }]
max-rate: 80
load: { requests: 100, warmup: 50, rate: ${rate} }
`;
  const headFile = readConfigFile(new TextEncoder().encode(text), "tailgate.yml");
  return makePlan({ inputs: checkInputs({}, "flag"), headFile, baseFile: null });
}

async function scheduleOf(plan: Plan, world: FakeWorld): Promise<Schedule> {
  const found = await pilot(plan, plan.arms, world.ports);
  if (found.kind !== "fixed") throw new Error("the pilot failed");
  return found.schedule;
}

/** Arms that queue most of what comes at more than a rate. */
function worldThatServes(mostPerSecond: Readonly<Record<string, number>>): FakeWorld {
  const world = fakeWorld();
  const { generator } = world.ports;
  const ports = {
    ...world.ports,
    generator: {
      ...generator,
      run: async (...[phase, signal]: Parameters<typeof generator.run>) => {
        const result = await generator.run(phase, signal);
        const rate = phase.loop === "open" ? phase.ratePerSecond : Infinity;
        for (const samples of result.arms) {
          if (rate > (mostPerSecond[samples.arm] ?? Infinity)) samples.queued.fill(1);
        }
        return result;
      },
    },
  };
  return { ...world, ports };
}

describe("services that run elsewhere", () => {
  test("are never sent a closed loop, nor more than `max-rate`, in the pilot and in blocks", async () => {
    const world = fakeWorld();
    const plan = planOf();
    const schedule = await scheduleOf(plan, world);
    const block = await runBlock(
      { plan, arms: plan.arms, schedule, ports: world.ports },
      { seed: 1, block: 1, attempt: 1 },
    );
    expect(world.phases.length).toBeGreaterThanOrEqual(6);
    for (const phase of world.phases) {
      expect(phase).toMatchObject({ loop: "open" });
      expect(phase.loop === "open" && phase.ratePerSecond).toBeLessThanOrEqual(80);
    }
    expect(block.arms["head"]!.scenarios["list"]).toMatchObject({ throughputPerSecond: null });
    expect(schedule.loads[0]).toMatchObject({
      ratePerSecond: 80,
      rateFrom: "capped",
      capacityPerSecond: { base: null, head: null },
      capacityRequests: 0,
    });
  });

  test("get the highest rate, halved as often as needed, that all but head keep up with", async () => {
    const slowBase = await scheduleOf(planOf(), worldThatServes({ base: 25 }));
    expect(slowBase.loads[0]!.ratePerSecond).toBe(20);
    const slowHead = await scheduleOf(planOf(), worldThatServes({ head: 25 }));
    expect(slowHead.loads[0]!.ratePerSecond).toBe(80);
  });

  test("refuse a fixed rate that base does not keep up with", async () => {
    await expect(scheduleOf(planOf("60"), worldThatServes({ base: 25 }))).rejects.toThrow(
      "`list` is offered 60 requests/s, but base can serve about 15 requests/s",
    );
  });

  test("that answer nothing as expected are told by what they gave", async () => {
    const world = fakeWorld();
    world.outcome = () => OUTCOMES.indexOf("status");
    await expect(scheduleOf(planOf(), world)).rejects.toThrow("got an expected response from no arm");
  });
});
