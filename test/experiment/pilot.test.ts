import { describe, expect, test } from "vitest";
import { TailgateError } from "../../src/error.js";
import { pilot } from "../../src/experiment/pilot/pilot.js";
import { GeneratorGone } from "../../src/load/generator/generator-gone.js";
import type { Phase } from "../../src/load/phase.js";
import { OUTCOMES } from "../../src/load/samples/samples.js";
import { fakeWorld } from "./fake-world.js";
import { GONE, planOf } from "./made-up-experiment.js";

describe("the pilot", () => {
  test("the pilot tells each rate before it finds it, and keeps to its share of the budget", async () => {
    const world = fakeWorld();
    const plan = planOf("experiment: { budget: 100s }\n");
    const steps: string[] = [];
    await pilot(plan, plan.arms, world.ports, ({ scenario, arm, step, steps: of }) => {
      steps.push(`${scenario} on ${arm}, ${step} of ${of}`);
    });
    expect(steps).toEqual([
      "a on base, 1 of 4",
      "a on head, 2 of 4",
      "b on base, 3 of 4",
      "b on head, 4 of 4",
    ]);
    const longest = world.phases.flatMap((phase) =>
      phase.loop === "closed" ? [phase.maximumMs ?? Infinity] : [],
    );
    expect(longest).toHaveLength(4 * 6);
    // A fifth of 100 s for four rates.
    expect(Math.max(...longest)).toBeLessThanOrEqual(20_000 / 4);
  });

  test("capacity is what a warm process serves, and no request of the loops before it comes again", async () => {
    const world = fakeWorld();
    const plan = planOf();
    const closed: Phase[] = [];
    world.onPhase = (phase) => {
      if (phase.loop === "closed") closed.push(phase);
      // Four times as quick once it has compiled what it runs; something disturbs the last loop.
      world.perSecond = closed.length < 4 ? 500 : closed.length === 6 ? 300 : 2000;
    };
    const found = await pilot(plan, [plan.arms[0]!], world.ports);
    const [warmUp, cold, warmer, warm] = closed;
    expect(found.kind === "fixed" && found.schedule.loads[0]!.capacityPerSecond).toEqual({ base: 2000 });
    expect([warmUp!.requests, cold!.requests, warmer!.requests]).toEqual([50, 200, 200]);
    expect(warm!.numbering!.first).toBe(cold!.numbering!.first + 2 * 200);
  });

  test("a scenario with some responses in time is slow, and one with wrong responses is not served", async () => {
    const found = async (outcome: (index: number) => number) => {
      const world = fakeWorld();
      world.outcome = outcome;
      const plan = planOf();
      return pilot(plan, plan.arms, world.ports);
    };
    const slow = await found((index) => (index % 3 === 0 ? 0 : OUTCOMES.indexOf("timeout")));
    expect(slow).toMatchObject({ kind: "fixed" });
    expect(slow.kind === "fixed" && slow.notes.join()).toContain(
      "base gave a response to 17 of 50 requests within 5 s",
    );
    await expect(found(() => OUTCOMES.indexOf("timeout"))).rejects.toThrow(
      "got an expected response from no arm",
    );
    await expect(found((index) => (index % 3 === 0 ? 0 : OUTCOMES.indexOf("status")))).rejects.toThrow(
      "got an expected response from no arm",
    );
  });

  test("only arms with the same port take turns; one with a fixed port runs beside others", async () => {
    const withPorts = async (...ports: (number | null)[]): Promise<unknown> => {
      const plan = planOf();
      const arms = plan.arms.map((arm, index) => ({
        ...arm,
        service: { ...arm.service, port: ports[index] ?? null },
      }));
      const found = await pilot({ ...plan, arms }, arms, fakeWorld().ports);
      return found.kind === "fixed" && found.schedule.sideBySide;
    };
    expect(await withPorts(8080, null)).toBe(true);
    expect(await withPorts(8080, 8081)).toBe(true);
    expect(await withPorts(8080, 8080)).toBe(false);
  });

  test("the pilot names the arms that do not start, and stops the others", async () => {
    const world = fakeWorld();
    const plan = planOf();
    world.broken.set("base", new TailgateError("service", "base: exited", ""));
    const found = await pilot(plan, plan.arms, world.ports);
    expect(found).toMatchObject({ kind: "arms-failed", failures: [{ arm: "base" }] });
    expect(world.running.size).toBe(0);
  });

  test("a bug of ours is not taken for an arm's failure", async () => {
    const world = fakeWorld();
    const plan = planOf();
    world.broken.set("head", new TypeError("undefined is not a function"));
    await expect(pilot(plan, plan.arms, world.ports)).rejects.toThrow(TypeError);
    expect(world.running.size).toBe(0);
  });

  test("a pilot in which the generator was killed is done once more", async () => {
    const world = fakeWorld();
    const plan = planOf();
    let left = 1;
    world.onPhase = () => {
      if (left-- > 0) throw new GeneratorGone("was killed (signal SIGKILL)");
    };
    expect((await pilot(plan, plan.arms, world.ports)).kind).toBe("fixed");
    left = 2;
    await expect(pilot(plan, plan.arms, world.ports)).rejects.toThrow("the load generator was killed");
    expect(world.running.size).toBe(0);
  });

  test("an arm that ends during the pilot is named, with how it ended", async () => {
    const world = fakeWorld();
    const plan = planOf();
    world.onPhase = ({ targets: [target] }) => {
      if (target!.arm !== "head") return;
      world.dead.set("head", "was killed (signal SIGKILL)");
      throw GONE;
    };
    await expect(pilot(plan, plan.arms, world.ports)).rejects.toMatchObject({
      code: "service",
      message: "head ended under load: it was killed (signal SIGKILL).",
    });
    expect(world.running.size).toBe(0);
  });
});
