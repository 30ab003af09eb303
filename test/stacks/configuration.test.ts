import { describe, expect, test } from "vitest";
import { stringify } from "yaml";
import { stacksConfiguration } from "../../bench/stacks/configuration.js";
import { wrongWithRefusal } from "../../bench/stacks/overload-trap.js";
import { STACKS, stacksNamed } from "../../bench/stacks/stack.js";
import { checkInputs } from "../../src/config/inputs.js";
import { makePlan } from "../../src/config/make-plan.js";
import { readConfigFile } from "../../src/config/file/read-file.js";
import { sampleResult } from "../reporters/sample-result.js";

test("the examples make one valid comparison, each in the folder of its name, without limits", () => {
  const content = stacksConfiguration(STACKS, "fastapi", {
    connections: 10,
    connection: "new",
    rate: "auto",
  });
  const file = readConfigFile(new TextEncoder().encode(stringify(content)), "tailgate.yml");
  const plan = makePlan({ inputs: checkInputs({}, "flag"), headFile: file, baseFile: null });
  expect(plan.arms.map(({ name, role, service }) => [name, role, service.cwd])).toEqual(
    STACKS.map(({ name }) => [name, "stack", name]),
  );
  expect(plan.baseline).toBe("fastapi");
  expect(plan.scenarios[0]!.load).toMatchObject({ connections: 10, connection: "new", rate: "auto" });
  expect(Object.values(plan.scenarios[0]!.gates).every((gate) => gate === null)).toBe(true);
});

test("stacks that are asked for by name keep the order of the table", () => {
  expect(stacksNamed(["fastify", "axum"]).map(({ name }) => name)).toEqual(["axum", "fastify"]);
  expect(stacksNamed([])).toEqual(STACKS);
  expect(() => stacksNamed(["flask"])).toThrow("there is no stack flask; there are fastapi,");
});

describe("a rate that nobody can serve", () => {
  const refused = sampleResult({
    verdict: "invalid",
    blocks: 0,
    reason: "`list users` is offered 10000 requests/s, but fastapi can serve about 340 requests/s: the queue",
  });

  test("is refused when the reason has the capacity and nothing was measured", () => {
    expect(wrongWithRefusal(refused)).toEqual([]);
  });

  test("is not refused when it was measured, passed, or the capacity is missing", () => {
    expect(wrongWithRefusal(sampleResult({ blocks: 6 }))).toHaveLength(3);
    expect(wrongWithRefusal({ ...refused, reason: "fastapi is overloaded" })).toEqual([
      "the reason does not say what can be served: fastapi is overloaded",
    ]);
  });
});
