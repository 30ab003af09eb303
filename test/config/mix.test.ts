import { describe, expect, test } from "vitest";
import { checkInputs, type RawInputs } from "../../src/config/inputs.js";
import { readConfigFile } from "../../src/config/file/read-file.js";
import { makePlan } from "../../src/config/make-plan.js";
import type { Plan } from "../../src/model/plan.js";

function planOf(text: string, raw: RawInputs = {}): Plan {
  const headFile = readConfigFile(
    new TextEncoder().encode(`service: { start: ./s }\n${text}`),
    "tailgate.yml",
  );
  return makePlan({ inputs: checkInputs(raw, "flag"), headFile, baseFile: null });
}

const SCENARIOS =
  "scenarios: [{ name: list, path: /l }, { name: one, path: /1 }, { name: other, path: /o }]\n";

describe("a mix", () => {
  test("is a scenario without requests of its own, before its parts, and has the load of the file", () => {
    const { scenarios } = planOf(`${SCENARIOS}mix: { list: 70, one: 30 }\nload: { connections: 3 }`);
    expect(scenarios.map(({ name, mix, partOf }) => [name, mix, partOf])).toEqual([
      ["mix", { list: 70, one: 30 }, undefined],
      ["list", undefined, "mix"],
      ["one", undefined, "mix"],
      ["other", undefined, undefined],
    ]);
    expect(scenarios[0]).toMatchObject({ requests: [], load: { connections: 3 } });
  });

  test("may name a scenario by its method and path", () => {
    const { scenarios } = planOf("scenarios: [{ path: /a }, { path: /b }]\nmix: { GET /a: 1, GET /b: 0.5 }");
    expect(scenarios.map(({ name }) => name)).toEqual(["mix", "GET /a", "GET /b"]);
  });

  test("is left out where one path is measured", () => {
    expect(planOf(`${SCENARIOS}mix: { list: 70, one: 30 }`, { path: "/x" }).scenarios).toHaveLength(1);
  });

  test.each([
    ["mix: { lst: 70, one: 30 }", "`mix` names `lst`, which is no scenario; did you mean `list`?"],
    ["mix: { list: 1 }", "needs two scenarios or more"],
    ["mix: { list: 0, one: 1 }", "must be above 0"],
  ])("%s is refused", (text, why) => {
    expect(() => planOf(SCENARIOS + text)).toThrow(why);
  });

  test("is one load, so a part with a load of its own is refused", () => {
    const scenarios = "scenarios: [{ name: a, path: /a, load: { rate: 5 } }, { name: b, path: /b }]\n";
    expect(() => planOf(`${scenarios}mix: { a: 1, b: 1 }`)).toThrow(
      "`a` is a part of `mix` and has a `load` of its own.",
    );
  });

  test("and a scenario called `mix` are two of one name", () => {
    expect(() => planOf("scenarios: [{ name: mix }, { name: b, path: /b }]\nmix: { mix: 1, b: 1 }")).toThrow(
      "Two scenarios are called `mix`.",
    );
  });
});

describe("data", () => {
  test("of the file are those of every scenario that names none of its own", () => {
    const { scenarios } = planOf(
      "data: users.csv\nscenarios: [{ name: a, path: '/{id}' }, { name: b, path: '/{sku}', data: items.ndjson }]",
    );
    expect(scenarios.map(({ data }) => data)).toEqual(["users.csv", "items.ndjson"]);
  });

  test.each(["users.xlsx", "users", "../users.csv", "/users.csv"])("in %s are refused", (name) => {
    expect(() => planOf(`data: ${name}`)).toThrow("tailgate.yml:2:7: `data`");
  });
});

describe("a login", () => {
  test("captures from its last response, and its numbers stay as they are written", () => {
    const { login } = planOf(
      "login: { requests: [{ path: /form }, { method: post, path: /login, body: { pin: 0.10 } }], capture: { token: { json: a.b } } }",
    );
    expect(login).toEqual({
      requests: [
        { method: "GET", path: "/form", headers: {}, body: null, capture: {} },
        {
          method: "POST",
          path: "/login",
          headers: { "content-type": "application/json" },
          body: '{"pin":0.10}',
          capture: { token: { from: "json", path: ["a", "b"] } },
        },
      ],
      expect: { status: [], contains: null, bytes: null },
    });
  });

  test("without a request is refused", () => {
    expect(() => planOf("login: { capture: { t: { json: a } } }")).toThrow(
      "must have either `request` or `requests`",
    );
  });
});
