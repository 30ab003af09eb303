import { expect, test } from "vitest";
import { checkInputs } from "../../src/config/inputs.js";
import { readConfigFile } from "../../src/config/file/read-file.js";
import { makePlan } from "../../src/config/make-plan.js";
import { TailgateError } from "../../src/error.js";
import { pilot } from "../../src/experiment/pilot/pilot.js";
import { runExperiment } from "../../src/experiment/run-experiment.js";
import { withoutSettled } from "../../src/experiment/sent-load.js";
import type { Block } from "../../src/model/block.js";
import type { Plan } from "../../src/model/plan.js";
import { type FakeWorld, fakeWorld } from "./fake-world.js";

function planOf(text: string): Plan {
  const file = `service: { start: x }\nload: { requests: 1000, warmup: 50 }\n${text}`;
  const headFile = readConfigFile(new TextEncoder().encode(file), "tailgate.yml");
  return makePlan({ inputs: checkInputs({}, "flag"), headFile, baseFile: null });
}

async function firstBlock(plan: Plan, world: FakeWorld): Promise<Block> {
  const found = await pilot(plan, plan.arms, world.ports);
  if (found.kind !== "fixed") throw new Error("the pilot failed");
  world.events.length = 0;
  world.phases.length = 0;
  const blocks: Block[] = [];
  const { schedule } = found;
  await runExperiment(
    { plan, arms: plan.arms, schedule, ports: world.ports },
    {
      blockEnded: (block) => {
        blocks.push(block);
        return Promise.resolve();
      },
      settled: () => [],
      look: () => ({ kind: "decided", why: "clear" }),
    },
  );
  return blocks[0]!;
}

const MIX =
  "scenarios: [{ name: list, path: /l }, { name: one, path: /1, data: a.csv }, { name: other, path: /o }]\nmix: { list: 70, one: 30 }\n";

test("a mix is one load, whose parts have latencies of their own and whose whole has throughput and CPU", async () => {
  const world = fakeWorld();
  const block = await firstBlock(planOf(MIX), world);
  const { mix, list, one, other } = block.arms["head"]!.scenarios;
  expect(Object.keys(block.arms["head"]!.scenarios).sort()).toEqual(["list", "mix", "one", "other"]);
  expect(list!.requests + one!.requests).toBe(mix!.requests);
  expect(list!.requests / mix!.requests).toBeCloseTo(0.7, 1);
  expect([list, one].map((part) => [part!.throughputPerSecond, part!.cpuUsPerRequest])).toEqual([
    [null, null],
    [null, null],
  ]);
  expect(list!.latencyUs!.p50).toBe(1000);
  expect(mix!.throughputPerSecond).toBeGreaterThan(0);
  expect(mix!.cpuUsPerRequest).toBeGreaterThan(0);
  expect(other!.throughputPerSecond).toBeGreaterThan(0);
  const sets = world.phases.map(
    ({ profile }) => profile.mix?.map(({ weight, data }) => [weight, data]) ?? null,
  );
  expect(sets.filter((set) => set !== null)).toEqual(
    Array(3).fill([
      [70, undefined],
      [30, "a.csv"],
    ]),
  );
});

const LOGIN = "login: { request: { method: POST, path: /login }, capture: { token: { json: token } } }\n";

test("every arm logs in once a block, before its warm-up, and its own session goes with its requests", async () => {
  const world = fakeWorld();
  world.onLogIn = ({ arm }) => Promise.resolve({ values: { token: arm }, cookies: [] });
  await firstBlock(planOf(LOGIN), world);
  const logins = world.events.filter((event) => event.startsWith("log in"));
  expect(logins.sort()).toEqual(["log in base", "log in head"]);
  const firstPhase = world.events.findIndex((event) => event.startsWith("closed"));
  expect(world.events.slice(0, firstPhase).filter((event) => event.startsWith("log in"))).toHaveLength(2);
  for (const { targets } of world.phases) {
    for (const { arm, session } of targets) expect(session!.values).toEqual({ token: arm });
  }
});

test("a login that fails ends the pilot with what came back", async () => {
  const world = fakeWorld();
  world.onLogIn = () => Promise.reject(new TailgateError("load", "The login on base failed: 401.", "Check."));
  const plan = planOf(LOGIN);
  await expect(pilot(plan, plan.arms, world.ports)).rejects.toThrow("The login on base failed: 401.");
});

test("every request of a run has a number of its own, the same for every arm", async () => {
  const world = fakeWorld();
  await firstBlock(planOf(MIX), world);
  const ranges = world.phases
    .map(({ numbering, requests }) => [numbering!.first, numbering!.first + requests] as const)
    .sort(([a], [b]) => a - b);
  expect(ranges.every(([first], index) => index === 0 || ranges[index - 1]![1] <= first)).toBe(true);
});

test("a mix is measured until all of it is settled", () => {
  const { scenarios } = planOf(MIX);
  const left = (...settled: string[]): string[] =>
    withoutSettled(scenarios, new Set(settled)).map(({ name }) => name);
  expect(left("list", "one", "other")).toEqual(["mix", "list", "one"]);
  expect(left("mix", "list", "one")).toEqual(["other"]);
});
