import { describe, expect, test } from "vitest";
import { checkInputs } from "../../src/config/inputs.js";
import { makePlan } from "../../src/config/make-plan.js";
import type { Plan } from "../../src/model/plan.js";
import { readConfigFile } from "../../src/config/file/read-file.js";
import type { CapacityFinding } from "../../src/experiment/pilot/probe-capacity.js";
import { planSchedule } from "../../src/experiment/plan-schedule.js";

function planOf(text: string): Plan {
  const headFile = readConfigFile(new TextEncoder().encode(`service: { start: x }\n${text}`), "tailgate.yml");
  return makePlan({ inputs: checkInputs({}, "flag"), headFile, baseFile: null });
}

const served = (arm: string, capacityPerSecond: number, p50Us = 1000): CapacityFinding => ({
  scenario: "GET /",
  arm,
  served: true,
  capacityPerSecond,
  p50Us,
  slow: null,
});
const refused = (arm: string, responses = "500 x status 404"): CapacityFinding => ({
  scenario: "GET /",
  arm,
  served: false,
  responses,
});
const LAUNCH = { startMs: 300, stopMs: 100, pilotMs: 9_000, sideBySide: true };

function fix(text: string, findings: readonly CapacityFinding[]) {
  const plan = planOf(text);
  return planSchedule(plan, plan.arms, findings, LAUNCH);
}

describe("the rate", () => {
  test("the automatic rate is a third of base's capacity, and head never changes it", () => {
    for (const head of [100, 1000, 9000]) {
      const { schedule } = fix("", [served("base", 1000), served("head", head)]);
      expect(schedule.loads[0]).toMatchObject({ ratePerSecond: 333, rateFrom: "auto" });
    }
  });

  test("a fixed rate is kept, and above base's capacity it is refused with that capacity", () => {
    expect(
      fix("load: { rate: 900 }", [served("base", 1000), served("head", 1000)]).schedule.loads[0],
    ).toMatchObject({
      ratePerSecond: 900,
      rateFrom: "fixed",
    });
    expect(() => fix("load: { rate: 10000 }", [served("base", 612), served("head", 700)])).toThrow(
      "`GET /` is offered 10000 requests/s, but base can serve about 612 requests/s",
    );
  });

  test("a head that cannot serve the rate is measured all the same, in short blocks, and a note says so", () => {
    const { schedule, notes } = fix("", [served("base", 1000), served("head", 80)]);
    expect(schedule.loads[0]).toMatchObject({ arms: ["base", "head"], requests: 160 });
    expect(notes.join()).toContain("head can serve about 80 of the 333 requests/s");
  });
});

describe("the arms", () => {
  test("a path that base does not know has no baseline", () => {
    const { schedule, notes } = fix("", [refused("base"), served("head", 1000)]);
    expect(schedule.loads[0]?.arms).toEqual(["head"]);
    expect(notes.join()).toContain("base does not serve `GET /` (it gave 500 x status 404)");
  });

  test("a head that fails where base serves is measured all the same", () => {
    const { schedule } = fix("", [served("base", 1000), refused("head", "status 500 500 times")]);
    expect(schedule.loads[0]?.arms).toEqual(["base", "head"]);
    expect(schedule.loads[0]?.capacityPerSecond).toEqual({ base: 1000, head: null });
  });

  test("a path that no arm serves is refused with what came back", () => {
    expect(() => fix("", [refused("base"), refused("head", "500 x no response in time")])).toThrow(
      "`GET /` got an expected response from no arm: base gave 500 x status 404; head gave 500 x no response in time.",
    );
  });
});

test.each<[string, RegExp]>([
  ["500 x no response", /`load\.timeout`/],
  [
    "3 x no response, 2 x no end of the response: 10 of 20 bytes, 1 x no connection was free",
    /`load\.timeout`/,
  ],
  ["50 x 401", /`login`/],
  ["10 x 500, 3 x 503", /`service\.setup`/],
  ["50 x 404", /scenario's path: the service responds/],
  ["50 x 404, 3 x no response", /path, headers and body/],
])("where no arm serves, the hint fits %s", (responses, hint) => {
  expect(() => fix("", [refused("base", responses), refused("head", responses)])).toThrow(
    expect.objectContaining({ hint: expect.stringMatching(hint) as string }) as Error,
  );
});

describe("the number of blocks", () => {
  test("the blocks fit the budget, and the last block is the last look", () => {
    const { schedule, notes } = fix("experiment: { budget: 2m }", [
      served("base", 1000),
      served("head", 1000),
    ]);
    expect(schedule.maximumBlocks * schedule.estimatedBlockMs).toBeLessThanOrEqual(120_000);
    expect(schedule.looks.at(-1)).toBe(schedule.maximumBlocks);
    expect(notes).toEqual([]);
  });

  test("where base responds too late to some requests, a note says so, and it is measured", () => {
    const slow = { ...served("base", 2), slow: "20 of 30 requests within 5 s" };
    const { schedule, notes } = fix("load: { requests: 50 }\nexperiment: { budget: 6h }", [
      slow,
      served("head", 2),
    ]);
    expect(schedule.loads[0]?.arms).toEqual(["base", "head"]);
    expect(notes.join()).toContain(
      "`GET /` is slow with 10 connections busy: base gave a response to 20 of 30 requests within 5 s",
    );
  });
});
