import { describe, expect, test } from "vitest";
import { checkInputs } from "../../src/config/inputs.js";
import { readConfigFile } from "../../src/config/file/read-file.js";
import { makePlan } from "../../src/config/make-plan.js";
import { diskFull, TailgateError } from "../../src/error.js";
import { pilot } from "../../src/experiment/pilot/pilot.js";
import { runExperiment } from "../../src/experiment/run-experiment.js";
import { GeneratorGone } from "../../src/load/generator/generator-gone.js";
import { fakeWorld } from "./fake-world.js";
import { afterBlocks, CONFIG, GONE, listener, planOf, scheduleOf } from "./made-up-experiment.js";

describe("a block", () => {
  test("a block checks the code, resets, starts all, warms up, measures each scenario in turns, and stops all", async () => {
    const world = fakeWorld();
    const plan = planOf();
    const schedule = await scheduleOf(world, plan);
    const told = listener(afterBlocks(1));
    await runExperiment({ plan, arms: plan.arms, schedule, ports: world.ports }, told);

    const [verify, reset, ...rest] = world.events;
    expect([verify, reset]).toEqual(["verify", "reset"]);
    expect(rest.slice(0, 2).sort()).toEqual(["start base", "start head"]);
    expect(rest.slice(-3)).toEqual([
      "disconnect",
      expect.stringMatching(/^stop/),
      expect.stringMatching(/^stop/),
    ]);
    expect(world.running.size).toBe(0);
    // Warm-up of both scenarios, then for each the capacity and the rate.
    expect(world.phases.map((phase) => phase.loop)).toEqual([
      "closed",
      "closed",
      "closed",
      "open",
      "closed",
      "open",
    ]);
    expect(world.phases.every((phase) => phase.targets.length === 2)).toBe(true);
    expect(Object.keys(told.stored[0]!.arms["head"]!.scenarios).sort()).toEqual(["a", "b"]);
    const { requests } = schedule.loads[0]!;
    expect(told.stored[0]!.arms["head"]!.scenarios["a"]).toMatchObject({
      requests,
      throughputPerSecond: 1000,
      cpuUsPerRequest: 50_000 / requests,
      latencyUs: { p50: 1000 },
    });
  });

  test("both arms meet the same arrivals, in turns drawn anew for each block", async () => {
    const world = fakeWorld();
    const plan = planOf();
    const schedule = await scheduleOf(world, plan);
    await runExperiment({ plan, arms: plan.arms, schedule, ports: world.ports }, listener(afterBlocks(3)));
    const open = world.phases.filter(
      (phase) => phase.loop === "open" && phase.profile.requests[0]?.path === "/a",
    );
    expect(open).toHaveLength(3);
    expect(new Set(open.map((phase) => phase.loop === "open" && phase.seed)).size).toBe(3);
    expect(new Set(open.map((phase) => JSON.stringify(phase.turns.slice(0, 12)))).size).toBe(3);
  });

  test("arms with a fixed port take turns, and every one of them is measured", async () => {
    const world = fakeWorld();
    const plan = makePlan({
      inputs: checkInputs({}, "flag"),
      baseFile: null,
      headFile: readConfigFile(
        new TextEncoder().encode(CONFIG.replace("start: x", "start: x, port: 8080")),
        "tailgate.yml",
      ),
    });
    let most = 0;
    world.onPhase = () => (most = Math.max(most, world.running.size));
    const schedule = await scheduleOf(world, plan);
    const told = listener(afterBlocks(2));
    await runExperiment({ plan, arms: plan.arms, schedule, ports: world.ports }, told);
    expect(schedule.sideBySide).toBe(false);
    expect(most).toBe(1);
    for (const block of told.stored) expect(Object.keys(block.arms).sort()).toEqual(["base", "head"]);
  });
});

describe("validity", () => {
  test("a block in which an arm goes away is run again once, and what is running is stopped", async () => {
    const world = fakeWorld();
    const plan = planOf();
    const schedule = await scheduleOf(world, plan);
    let failures = 1;
    world.onPhase = (phase) => {
      if (phase.loop === "open" && failures-- > 0) throw GONE;
    };
    const told = listener(afterBlocks(2));
    const ended = await runExperiment({ plan, arms: plan.arms, schedule, ports: world.ports }, told);
    expect(ended.kind).toBe("decided");
    expect(told.stored.map(({ index, attempt, distrust }) => [index, attempt, distrust.length])).toEqual([
      [1, 1, 1],
      [1, 2, 0],
      [2, 1, 0],
    ]);
    expect(ended.blocks).toHaveLength(2);
    expect(world.running.size).toBe(0);
  });

  test("a block that fails a second time makes the run worthless, and the arm that died is named", async () => {
    const world = fakeWorld();
    const plan = planOf();
    const schedule = await scheduleOf(world, plan);
    world.onPhase = () => {
      world.dead.set("head", "it exited with code 137");
      throw GONE;
    };
    const ended = await runExperiment({ plan, arms: plan.arms, schedule, ports: world.ports }, listener());
    expect(ended).toMatchObject({
      kind: "untrusted",
      failures: [{ kind: "arm-gone", arm: "head", reason: "it exited with code 137" }],
    });
    expect(world.running.size).toBe(0);
  });

  test.each([
    ["once, is run again", 1, [{ distrust: 1 }, { distrust: 0 }], "decided"],
    ["twice, makes the run worthless, with the reason", 2, [{ distrust: 1 }, { distrust: 1 }], "untrusted"],
  ])("a block in which the generator was killed %s", async (_how, kills, stored, kind) => {
    const world = fakeWorld();
    const plan = planOf();
    const schedule = await scheduleOf(world, plan);
    let left = kills;
    world.onPhase = (phase) => {
      if (phase.loop === "open" && left-- > 0) throw new GeneratorGone("was killed (signal SIGKILL)");
    };
    const told = listener(afterBlocks(1));
    const ended = await runExperiment({ plan, arms: plan.arms, schedule, ports: world.ports }, told);
    expect(ended.kind).toBe(kind);
    expect(told.stored.map(({ distrust }) => ({ distrust: distrust.length }))).toEqual(stored);
    expect(told.stored[0]!.distrust).toEqual([
      { kind: "generator-gone", reason: "was killed (signal SIGKILL)" },
    ]);
    expect(world.running.size).toBe(0);
  });

  test("an arm that does not start in a later block is reported as gone", async () => {
    const world = fakeWorld();
    const plan = planOf();
    const schedule = await scheduleOf(world, plan);
    world.broken.set("head", new TailgateError("service", "head: exited with code 1", ""));
    const ended = await runExperiment({ plan, arms: plan.arms, schedule, ports: world.ports }, listener());
    expect(ended).toMatchObject({ kind: "untrusted", failures: [{ kind: "arm-gone", arm: "head" }] });
    expect(world.running.size).toBe(0);
  });

  test("a full disk is not an arm's failure: it ends the run as what it is, and what is running is stopped", async () => {
    const world = fakeWorld();
    const plan = planOf();
    const schedule = await scheduleOf(world, plan);
    const full = diskFull("/tmp/run");
    world.broken.set("base", full);
    await expect(
      runExperiment({ plan, arms: plan.arms, schedule, ports: world.ports }, listener()),
    ).rejects.toBe(full);
    await expect(pilot(plan, plan.arms, world.ports)).rejects.toBe(full);
    expect(world.running.size).toBe(0);
  });

  test("one busy generator is chance; one that is busy in most blocks makes the run worthless", async () => {
    const world = fakeWorld();
    const plan = planOf();
    const schedule = await scheduleOf(world, plan);
    world.health = { ...world.health, busyShare: 0.8 };
    const ended = await runExperiment({ plan, arms: plan.arms, schedule, ports: world.ports }, listener());
    expect(ended).toMatchObject({
      kind: "untrusted",
      failures: [{ kind: "generator-busy", busyShare: 0.8 }],
    });
    expect(ended.blocks).toHaveLength(6);
  });

  test("a generator that mostly waits for its processor makes the run worthless", async () => {
    const world = fakeWorld();
    const plan = planOf();
    const schedule = await scheduleOf(world, plan);
    world.health = { ...world.health, latenessP50Us: 4000, latenessP99Us: 20_000 };
    const ended = await runExperiment({ plan, arms: plan.arms, schedule, ports: world.ports }, listener());
    expect(ended).toMatchObject({
      kind: "untrusted",
      failures: [{ kind: "generator-starved", latenessP50Us: 4000 }],
    });
  });

  test("requests that are late now and then are a warning in every block and do not stop the run", async () => {
    const world = fakeWorld();
    const plan = planOf();
    const schedule = await scheduleOf(world, plan);
    world.health = { ...world.health, latenessP99Us: 20_000 };
    const told = listener(afterBlocks(8));
    expect((await runExperiment({ plan, arms: plan.arms, schedule, ports: world.ports }, told)).kind).toBe(
      "decided",
    );
    expect(told.stored.every((block) => block.doubts.some(({ kind }) => kind === "dispatch-late"))).toBe(
      true,
    );
  });

  test("a hook that fails ends the experiment with nothing running", async () => {
    const world = fakeWorld();
    const plan = planOf();
    const schedule = await scheduleOf(world, plan);
    world.onReset = () => {
      throw new TailgateError("service", "base: reset exited with code 1", "");
    };
    await expect(
      runExperiment({ plan, arms: plan.arms, schedule, ports: world.ports }, listener()),
    ).rejects.toThrow("reset exited");
    expect(world.running.size).toBe(0);
  });
});
