import { METRICS } from "../../src/metrics/metrics.js";
import { describe, expect, test } from "vitest";
import { checkInputs, type RawInputs } from "../../src/config/inputs.js";
import { plan as planSchema } from "../../src/model/plan.js";
import { makePlan } from "../../src/config/make-plan.js";
import { type ConfigSource, readConfigFile } from "../../src/config/file/read-file.js";

const file = (text: string): ConfigSource => readConfigFile(new TextEncoder().encode(text), "tailgate.yml");
const plan = (head: string | null, base: string | null = null, raw: RawInputs = {}) =>
  makePlan({
    inputs: checkInputs(raw, "input"),
    headFile: head === null ? null : file(head),
    baseFile: base === null ? null : file(base),
  });

const START = "service: { start: node server.js }\n";

describe("defaults", () => {
  test("a start command is all that is needed", () => {
    const { arms, scenarios, baseline, experiment } = plan(null, null, { start: "node server.js" });
    expect(arms.map((arm) => [arm.name, arm.role, arm.service.start])).toEqual([
      ["base", "base", "node server.js"],
      ["head", "head", "node server.js"],
    ]);
    expect(baseline).toBe("base");
    expect(scenarios.map((scenario) => scenario.name)).toEqual(["GET /"]);
    expect(scenarios[0]?.load).toEqual({
      connections: 10,
      connection: "keep-alive",
      rate: "auto",
      requests: 1000,
      warmup: 500,
      timeoutMs: 5000,
    });
    expect(experiment).toEqual({ budgetMs: 300_000, alpha: 0.01, seed: 1, control: false, strict: false });
  });

  test("the gates are those of the documentation", () => {
    const { scenarios, memoryGate } = plan(START);
    expect(scenarios[0]?.gates).toMatchObject({
      p50: { limit: 0.05, floor: 100, proof: true },
      p90: { limit: 0.05, floor: 100, proof: false },
      p95: { limit: 0.075, floor: 100, proof: false },
      p99: { limit: 0.15, floor: 100, proof: false },
      throughput: { limit: 0.05, floor: 0, proof: true },
      cpu: { limit: 0.05, floor: 0, proof: true },
      errors: { limit: 0.001, floor: 0, proof: true },
    });
    expect(memoryGate).toEqual({ limit: 0.05, floor: 2 * 1024 ** 2, proof: true });
  });

  test("without a start command it says how to give one", () => {
    expect(() => plan(null)).toThrow("There is no start command for base.");
  });
});

describe("the seed", () => {
  const seedOf = (base: string, head: string, text = START): number =>
    makePlan({
      inputs: checkInputs({}, "input"),
      headFile: file(text),
      baseFile: null,
      commits: { base, head },
    }).experiment.seed;

  test("follows from the commits and the comment's key, so that no two runs side by side draw the same", () => {
    const seeds = [seedOf("a", "b"), seedOf("a", "c"), seedOf("d", "b")];
    seeds.push(seedOf("a", "b", `${START}report: { key: api }`));
    expect(new Set(seeds).size).toBe(4);
    expect(seedOf("a", "b")).toBe(seeds[0]);
    for (const seed of seeds)
      expect(planSchema.shape.experiment.shape.seed.safeParse(seed).success).toBe(true);
  });

  test("is the file's where it gives one", () => {
    expect(seedOf("a", "b", `${START}experiment: { seed: 5 }`)).toBe(5);
  });
});

describe("precedence: input, then file, then default", () => {
  test("inputs outrank the file", () => {
    const made = plan(`${START}experiment: { budget: 1m, seed: 3 }\nreport: { key: api }`, null, {
      start: "node other.js",
      path: "/x",
      budget: "2m",
      seed: "9",
      commentKey: "web",
      comment: "never",
    });
    expect(made.arms[1]?.service.start).toBe("node other.js");
    expect(made.scenarios.map((scenario) => scenario.name)).toEqual(["GET /x"]);
    expect(made.experiment).toMatchObject({ budgetMs: 120_000, seed: 9 });
    expect(made.report).toEqual({ key: "web", comment: "never" });
  });

  test("a scenario's gates and load fill in what they name, and leave the rest", () => {
    const made = plan(
      `${START}load: { requests: 200, connections: 4 }\ngates: { p99: { limit: 20%, proof: true }, cpu: off }\n` +
        "scenarios: [{ name: a, path: /a, load: { requests: 300 }, gates: { p99: 25%, cpu: 9% } }]",
    );
    expect(made.scenarios[0]?.load).toMatchObject({ requests: 300, connections: 4 });
    expect(made.scenarios[0]?.gates.p99).toEqual({ limit: 0.25, floor: 100, proof: true });
    expect(made.scenarios[0]?.gates.cpu).toEqual({ limit: 0.09, floor: 0, proof: true });
  });
});

describe("whose file governs", () => {
  const base = `${START}gates: { p50: 5% }\nscenarios: [{ name: a, path: /a }]`;

  test("a pull request cannot loosen its own limits, and the attempt is seen", () => {
    const made = plan(`${START}gates: { p50: 90%, p90: off }\nscenarios: [{ name: a, path: /a }]`, base);
    expect(made.scenarios[0]?.gates.p50?.limit).toBe(0.05);
    expect(made.scenarios[0]?.gates.p90?.limit).toBe(0.05);
    expect(made.notes).toEqual([
      "`gates.p50` is `5%` in base and `90%` in head; base's is used.",
      "`gates.p90` is not set in base and `off` in head; base's is used.",
    ]);
  });

  test("a pull request cannot remove a scenario or point it elsewhere", () => {
    const made = plan(`${START}scenarios: [{ name: a, path: /cheap }]`, base);
    expect(made.scenarios.map((scenario) => scenario.requests[0]?.path)).toEqual(["/a"]);
    expect(made.notes.join()).toContain(
      "`scenarios.a.path` is `/a` in base and `/cheap` in head; base's is used.",
    );
  });

  test("each revision is started by its own service section", () => {
    const made = plan(
      "service: { start: node new.js, env: { TOKEN: abc } }\nscenarios: [{ name: a, path: /a }]",
      base,
    );
    expect(made.arms.map((arm) => arm.service.start)).toEqual(["node server.js", "node new.js"]);
    expect(made.notes).toContain(
      "`service.start` is `node server.js` in base and `node new.js` in head; each revision uses its own.",
    );
    expect(made.notes.join()).not.toContain("abc");
  });

  test("a scenario that base does not have is measured on head alone, with base's load and gates", () => {
    const made = plan(
      `${START}load: { requests: 20 }\nscenarios: [{ name: a, path: /a }, { name: b, path: /b }]`,
      base,
    );
    expect(made.scenarios.map(({ name, newInHead }) => [name, newInHead])).toEqual([
      ["a", false],
      ["b", true],
    ]);
    expect(made.scenarios[1]?.load.requests).toBe(1000);
    expect(made.notes.join()).toContain(
      "`scenarios.b.path` is not set in base and `/b` in head; head's is used.",
    );
  });

  test("accepted slow-downs are head's to declare", () => {
    const made = plan(
      `${START}scenarios: [{ name: a, path: /a }]\naccept: [{ scenario: a, metric: p50, limit: 30%, reason: audit, until: 2026-12-31 }]`,
      base,
    );
    expect(made.accept).toEqual([
      { scenario: "a", metric: "p50", limit: 0.3, reason: "audit", until: "2026-12-31" },
    ]);
  });

  test("where base has no file, head's governs and there is nothing to note", () => {
    const made = plan(`${START}gates: { p50: 90% }`);
    expect(made.scenarios[0]?.gates.p50?.limit).toBe(0.9);
    expect(made.notes).toEqual([]);
  });
});

describe("scenarios", () => {
  test("a structured body is sent as JSON, with its content type unless one is given", () => {
    const made = plan(
      `${START}scenarios: [{ request: { method: post, path: /a, body: { x: [1] } } }, { name: b, request: { headers: { Content-Type: text/x }, body: { y: 1 } } }]`,
    );
    expect(made.scenarios[0]).toMatchObject({
      name: "POST /a",
      requests: [{ method: "POST", body: '{"x":[1]}', headers: { "content-type": "application/json" } }],
    });
    expect(made.scenarios[1]?.requests[0]?.headers).toEqual({ "Content-Type": "text/x" });
  });

  test("two of one name are refused", () => {
    expect(() => plan(`${START}scenarios: [{ path: /a }, { path: /a }]`)).toThrow(
      "Two scenarios are called `GET /a`.",
    );
  });

  test("values captured from a response know where to look", () => {
    const made = plan(
      `${START}scenarios: [{ name: s, requests: [{ path: /login, capture: { token: { json: data.token }, tag: { header: ETag } } }, { path: "/x/{token}" }] }]`,
    );
    expect(made.scenarios[0]?.requests[0]?.capture).toEqual({
      token: { from: "json", path: ["data", "token"] },
      tag: { from: "header", name: "etag" },
    });
  });
});

describe("whole stacks", () => {
  const stacks = "arms: { a: { start: ./a }, b: { start: ./b } }\nbaseline: b";

  test("are compared with the named baseline and gated only where the file says so", () => {
    const made = plan(stacks);
    expect(made.arms.map((arm) => [arm.name, arm.role])).toEqual([
      ["a", "stack"],
      ["b", "stack"],
    ]);
    expect(made.baseline).toBe("b");
    expect(Object.values(made.scenarios[0]!.gates)).toEqual(METRICS.map(() => null));
    expect(plan(`${stacks}\ngates: { p50: 5% }`).scenarios[0]?.gates.p50?.limit).toBe(0.05);
  });

  test("a pull request cannot leave its base by adding arms, and the attempt is seen", () => {
    const made = plan(`${START}${stacks}`, `${START}gates: { p50: 3% }`);
    expect(made.arms.map((arm) => arm.role)).toEqual(["base", "head"]);
    expect(made.scenarios[0]?.gates.p50?.limit).toBe(0.03);
    expect(made.notes).toContain("`arms.a.start` is not set in base and `./a` in head; base's is used.");
  });

  test.each(["base", "head", "build", "start"])("are refused with `%s` beside them", (key) => {
    const file = readConfigFile(new TextEncoder().encode(stacks), "tailgate.yml");
    const inputs = checkInputs({ [key]: "x" }, "flag");
    expect(() => makePlan({ inputs, headFile: file, baseFile: null })).toThrow(
      `compares \`arms\`, and \`${key}\` is given beside it`,
    );
  });

  test("take what they have in common from `service`", () => {
    const made = plan(`service: { ready: { path: /h } }\n${stacks}`);
    expect(made.arms.map((arm) => arm.service.ready.path)).toEqual(["/h", "/h"]);
  });

  test("need two, and a baseline among them", () => {
    expect(() => plan("arms: { a: { start: ./a } }")).toThrow("at least two");
    expect(() => plan("arms: { a: { start: ./a }, b: { start: ./b } }\nbaseline: c")).toThrow(
      "not one of the arms",
    );
  });
});

test("a control is a second copy of base", () => {
  const made = plan(`${START}experiment: { control: true }`);
  expect(made.arms.map((arm) => arm.role)).toEqual(["base", "head", "control"]);
  expect(made.arms[2]?.service).toEqual(made.arms[0]?.service);
});

test("the port is Tailgate's to choose", () => {
  expect(() => plan("service: { start: x, env: { PORT: 1 } }")).toThrow("`service.env.PORT` is set");
});

test.each(["min: 100", "max: 2000"])(
  "a size of the body that is bound at one end only makes a plan that a result can hold: %s",
  (bound) => {
    const made = plan(`${START}scenarios: [{ path: /, expect: { bytes: { ${bound} } } }]\n`);
    expect(planSchema.safeParse(made).error).toBeUndefined();
  },
);
