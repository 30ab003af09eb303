import { expect, test } from "vitest";
import { runDiagnosis, type DiagnosisRun } from "../../src/diagnosis/run-diagnosis.js";
import type { ExperimentPorts } from "../../src/experiment/experiment-ports.js";
import { TailgateError } from "../../src/error.js";
import type { ArmPlan } from "../../src/model/plan.js";
import { fakeWorld, type FakeWorld } from "../experiment/fake-world.js";
import { GONE, planOf, scheduleOf } from "../experiment/made-up-experiment.js";
import { diagnosisPorts, fakeInstrument, samplingInstrument } from "./fake-instrument.js";

async function diagnose(
  world: FakeWorld,
  { ports = diagnosisPorts(world), scenario = "b", budgetMs = 75_000, prepare = (): void => undefined } = {},
): Promise<DiagnosisRun & { readonly told: readonly string[] }> {
  const plan = planOf();
  const schedule = await scheduleOf(world, plan);
  prepare();
  const told: string[] = [];
  const run = await runDiagnosis(
    { plan, schedule, arms: plan.arms, candidate: "head", scenario, budgetMs },
    ports,
    (block, blocks, looking) => told.push(`${block}/${blocks} ${looking}`),
  );
  return { ...run, told };
}

test("diagnosis blocks count calls first and then sample CPU, each on both arms in launches of their own", async () => {
  const world = fakeWorld();
  const { profiles, told, failure, scenario, instruments } = await diagnose(world);
  expect(failure).toBeNull();
  expect(scenario).toBe("b");
  expect(told.slice(0, 3)).toEqual(["1/20 calls", "2/20 calls", "3/20 cpu"]);
  expect(profiles.map(({ block }) => block)).toEqual(told.flatMap((_, place) => [place + 1, place + 1]));
  const [counted] = profiles;
  expect(counted).toMatchObject({ calls: { counts: [100, 57] }, cpu: null, serviceCpuUs: null });
  const sampled = profiles.find(({ block, arm }) => block === 3 && arm === "head")!;
  expect(sampled).toMatchObject({
    calls: null,
    cpu: {
      stacks: [
        { frames: [0], cpuUs: 1000 },
        { frames: [0, 1], cpuUs: 500 },
        { frames: [1], cpuUs: 250 },
      ],
    },
    // Of the 50 ms that the made-up world says.
    serviceCpuUs: 50_000 / sampled.cpu!.requests,
    latencyUs: 1000,
    p99Us: 1000,
  });
  expect(instruments).toEqual(["base and head: made up: calls", "base and head: made up: cpu"]);
  expect(world.running.size).toBe(0);
});

test("a diagnosis sends the load of the scenario in question alone, at the plan's rate, with requests that no judged block sent", async () => {
  const world = fakeWorld();
  const plan = planOf();
  const schedule = await scheduleOf(world, plan);
  await diagnose(world);
  const open = world.phases.filter((phase) => phase.loop === "open");
  expect(new Set(open.map(({ profile }) => profile.requests[0]!.path))).toEqual(new Set(["/b"]));
  const last = open.at(-1)!;
  expect(last.ratePerSecond).toBe(schedule.loads[1]!.ratePerSecond);
  const firsts = open.map(({ numbering }) => numbering!.first);
  expect(new Set(firsts).size).toBe(firsts.length);
  const perBlock = schedule.loads.reduce((sum, one) => sum + one.requests, 0);
  expect(Math.min(...firsts)).toBeGreaterThan(perBlock * schedule.maximumBlocks);
});

test("a service starts with what its instrument needs in its environment, beside what it had", async () => {
  const world = fakeWorld();
  const started: (Readonly<Record<string, string>> | undefined)[] = [];
  const launch = world.ports.launch.bind(world.ports);
  const experiment: ExperimentPorts = {
    ...world.ports,
    launch: (arm, processors, added) => {
      started.push(added);
      return launch(arm, processors);
    },
  };
  await diagnose(world, { ports: { ...diagnosisPorts(world), experiment } });
  expect(started[0]).toEqual({ LOOK: "calls", OWN: "kept" });
  expect(started.at(-1)).toEqual({ LOOK: "cpu", OWN: "kept" });
});

test("a service that does not start under the instrument is a failure that says so, and sampling is tried all the same", async () => {
  const world = fakeWorld();
  let launches = 0;
  const ports = diagnosisPorts(world);
  const launch = world.ports.launch.bind(world.ports);
  const experiment = {
    ...world.ports,
    launch: (arm: ArmPlan, processors: string | null) =>
      ++launches <= 2
        ? Promise.reject(new TailgateError("service", `${arm.name}: ended with code 1.\nits log`, "hint"))
        : launch(arm, processors),
  };
  const { failure, profiles } = await diagnose(world, { ports: { ...ports, experiment } });
  expect(failure).toMatch(/^(base|head): ended with code 1/);
  expect(failure).not.toContain("its log");
  expect(profiles.length).toBeGreaterThan(6);
  expect(profiles.every(({ calls }) => calls === null)).toBe(true);
});

test("a cancelled run ends its diagnosis at once, with what was seen until then and nothing left running", async () => {
  const world = fakeWorld();
  const controller = new AbortController();
  const ports = diagnosisPorts(world);
  const experiment = { ...world.ports, signal: controller.signal };
  const { failure, profiles, told } = await diagnose(world, {
    ports: { ...ports, experiment },
    prepare: () => {
      world.onPhase = () => {
        if (world.phases.length <= 4) return;
        controller.abort(new Error("cancelled by SIGINT"));
        throw controller.signal.reason;
      };
    },
  });
  expect(failure).toBe("cancelled by SIGINT");
  expect(told).toHaveLength(3);
  expect(profiles).toHaveLength(4);
  expect(world.running.size).toBe(0);
});

test("where nothing looks into the service, no more than a launch of each kind is spent on finding that out", async () => {
  const world = fakeWorld();
  const { told, profiles, failure, instruments } = await diagnose(world, {
    ports: diagnosisPorts(world, fakeInstrument(world, false)),
  });
  expect(instruments).toEqual([expect.stringMatching(/^base and head: .*instrument/)]);
  expect(told).toHaveLength(2);
  expect(failure).toBeNull();
  expect(profiles.every(({ calls, cpu }) => calls === null && cpu === null)).toBe(true);
});

test("where calls cannot be counted, the time for that goes to sampling, and a budget that is too short for it says so", async () => {
  const only = async (budgetMs: number): Promise<ReturnType<typeof diagnose>> => {
    const world = fakeWorld();
    return diagnose(world, { budgetMs, ports: diagnosisPorts(world, samplingInstrument(world)) });
  };
  const long = await only(75_000);
  expect(long.told.slice(0, 2)).toEqual(["1/20 calls", "2/19 cpu"]);
  expect(long.profiles.some(({ cpu }) => cpu !== null)).toBe(true);
  expect(long.failure).toBeNull();
  const short = await only(2_500);
  expect(short.told).toEqual(["1/1 calls"]);
  expect(short.failure).toMatch(/^its budget of 3 s is too short for launches of \d+ s/);
});

test("a diagnosis ends when its budget is spent", async () => {
  const world = fakeWorld();
  const { told, durationMs } = await diagnose(world, {
    prepare: () => {
      world.onPhase = () => {
        world.nowMs += 4000;
      };
    },
  });
  expect(told.length).toBeLessThan(20);
  expect(durationMs).toBeLessThan(75_000);
});

test("a budget that is too short for a launch starts none, and says what would do", async () => {
  const world = fakeWorld();
  const { told, failure } = await diagnose(world, { budgetMs: 100 });
  expect(told).toEqual([]);
  expect(failure).toMatch(
    /^its budget of 1 s is too short for launches of \d+ s; `tailgate explain --budget` may take longer$/,
  );
});

test("blocks that take longer than planned end with the budget, and are told where too few are left for an interval", async () => {
  const world = fakeWorld();
  const { told, failure, durationMs } = await diagnose(world, {
    prepare: () => {
      world.onPhase = () => {
        world.nowMs += 9000;
      };
    },
  });
  expect(told.at(-1)).toMatch(/ cpu$/);
  expect(failure).toMatch(/^its budget of 75 s is too short/);
  expect(durationMs).toBeLessThanOrEqual(75_000);
});

test("a load that fails is told by its reason, and stops both services", async () => {
  const world = fakeWorld();
  const { failure, profiles } = await diagnose(world, {
    prepare: () => {
      world.onPhase = () => {
        throw GONE;
      };
    },
  });
  expect(failure).toBe("127.0.0.1:4000 refuses connections");
  expect(profiles).toEqual([]);
  expect(world.running.size).toBe(0);
});

test("a scenario that base does not know has nothing to be compared with", async () => {
  const world = fakeWorld();
  const { failure } = await diagnose(world, { scenario: "of another file" });
  expect(failure).toBe("the arms share no scenario");
});
