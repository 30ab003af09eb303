import { describe, expect, test } from "vitest";
import { checkInputs } from "../../src/config/inputs.js";
import { makePlan } from "../../src/config/make-plan.js";
import { readConfigFile } from "../../src/config/file/read-file.js";
import type { Plan } from "../../src/model/plan.js";

function read(text: string) {
  return readConfigFile(new TextEncoder().encode(text), "tailgate.yml");
}

function planOf(text: string): Plan {
  return makePlan({ inputs: checkInputs({}, "flag"), headFile: read(text), baseFile: null });
}

const SCALARS = [
  "2.0",
  "3.10",
  "0123",
  "0x1F",
  "0o17",
  "12345678901234567890",
  "1e3",
  "+1",
  ".5",
  "True",
  "off",
  "2026-11-26",
];

describe("what YAML takes for a number goes out as it stands in the file", () => {
  test.each(SCALARS)("%s in a header", (written) => {
    const plan = planOf(
      `{ service: { start: ./s }, scenarios: [{ request: { headers: { X-A: ${written}, X-B: [${written}, b] } } }] }`,
    );
    expect(plan.scenarios[0]!.requests[0]!.headers).toEqual({ "X-A": written, "X-B": [written, "b"] });
  });

  test.each(SCALARS)("%s in the environment of a service", (written) => {
    const plan = planOf(`service: { start: ./s, env: { A: ${written} } }`);
    expect(plan.arms[0]!.service.env).toEqual({ A: written });
  });

  test("a stack's environment too, even where the stack is called `env`", () => {
    const plan = planOf(
      "arms: { env: { start: ./a, port: 80, env: { V: 3.10 } }, headers: { start: ./b, env: { V: 1.0 } } }",
    );
    expect(plan.arms.map(({ service }) => [service.env, service.port])).toEqual([
      [{ V: "3.10" }, 80],
      [{ V: "1.0" }, null],
    ]);
  });

  test.each(["2.0", "3.10", "12345678901234567890", "1e3", "-0", "1"])("%s in a JSON body", (written) => {
    const plan = planOf(
      `{ service: { start: ./s }, scenarios: [{ request: { body: { v: ${written}, list: [${written}] } } }] }`,
    );
    expect(plan.scenarios[0]!.requests[0]!.body).toBe(`{"v":${written},"list":[${written}]}`);
  });

  test.each(SCALARS)("%s as a whole body", (written) => {
    const plan = planOf(`{ service: { start: ./s }, scenarios: [{ request: { body: ${written} } }] }`);
    expect(plan.scenarios[0]!.requests[0]!.body).toBe(written);
  });

  test("a number with a name is text in a header and a number in a body", () => {
    const plan = planOf(
      "{ service: { start: ./s }, scenarios: [{ request: { headers: { X-Id: &id 2.0 }, body: { id: *id } } }] }",
    );
    const [request] = plan.scenarios[0]!.requests;
    expect(request).toMatchObject({ headers: { "X-Id": "2.0" }, body: '{"id":2.0}' });
  });
});

test.each(["0123", "0x1F", ".5", "+1", ".inf"])(
  "%s in a JSON body is refused where it stands, because JSON has no such number",
  (written) => {
    expect(() => read(`scenarios:\n  - request: { body: { zip: [${written}] } }`)).toThrow(
      `tailgate.yml:2:30: \`scenarios[0].request.body.zip[0]\` (\`${written}\`) is no number in JSON; write it in quotes to send it as text`,
    );
  },
);

test("two ways to write the same number differ, because the service is sent what is written", () => {
  const base = read("{ service: { start: ./s }, scenarios: [{ name: a, request: { body: { v: 1.0 } } }] }");
  const head = read("{ service: { start: ./s }, scenarios: [{ name: a, request: { body: { v: 1.00 } } }] }");
  const { notes } = makePlan({ inputs: checkInputs({}, "flag"), headFile: head, baseFile: base });
  expect(notes).toEqual([
    "`scenarios.a.request.body.v` is `1.0` in base and `1.00` in head; base's is used.",
  ]);
});
