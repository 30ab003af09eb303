import { describe, expect, test } from "vitest";
import { readConfigFile } from "../../../src/config/file/read-file.js";
import { checkInputs } from "../../../src/config/inputs.js";
import { makePlan } from "../../../src/config/make-plan.js";
import type { Plan } from "../../../src/model/plan.js";
import { firstResponses, type FirstResponse } from "../../../src/run/arms/first-responses.js";
import type { RunningService } from "../../../src/service/lifecycle/running-service.js";

function planOf(scenarios: string): Plan {
  const text = `service: { start: x }\nscenarios:\n${scenarios}`;
  const file = readConfigFile(new TextEncoder().encode(text), "tailgate.yml");
  return makePlan({ inputs: checkInputs({}, "flag"), headFile: file, baseFile: null });
}

const json = (value: unknown, status = 200): FirstResponse => {
  const body = Buffer.from(JSON.stringify(value));
  return { status, contentType: "application/json; charset=utf-8", body, bytes: body.length };
};
const text = (length: number, contentType = "text/plain"): FirstResponse => ({
  status: 200,
  contentType,
  body: Buffer.alloc(0),
  bytes: length,
});

/** What is said when base gives one response and head another. */
async function said(
  base: FirstResponse | null,
  head: FirstResponse | null,
  plan = planOf("  - path: /users\n"),
): Promise<{ readonly sentences: readonly string[]; readonly asked: readonly string[] }> {
  const asked: string[] = [];
  const told: string[] = [];
  const responses = firstResponses(
    plan,
    (service, { path }) => {
      asked.push(`${service.arm} ${path}`);
      return Promise.resolve(service.arm === "base" ? base : head);
    },
    (sentence) => told.push(sentence),
  );
  // Head may be ready first; a second start is not asked again.
  for (const name of ["head", "base", "head"]) {
    await responses.ask({ name }, { arm: name } as RunningService);
  }
  expect(told).toEqual(responses.differences());
  return { sentences: told, asked };
}

const START = "the first responses to `GET /users` differed before anything was measured: ";

describe("arms whose first responses differ are told before anything is measured", () => {
  test.each<[string, FirstResponse, FirstResponse, string]>([
    ["in status", json([]), json([], 500), "base gave 200, head 500"],
    ["by keys left out", json([{ id: 1, name: "Ada" }]), json([{ id: 1 }]), "head leaves out `[].name`"],
    ["by keys more", json({ a: { b: 1 } }), json({ a: { b: 1, c: 2 } }), "head has `a.c` more"],
    [
      "in size",
      json(Array.from({ length: 100 }, (_, id) => ({ id }))),
      json([{ id: 1 }]),
      "base gave 991 bytes, head 10; do both find the same data?",
    ],
    ["in kind", json({}), text(2, "text/html"), "base gave `application/json`, head `text/html`"],
  ])("%s", async (_, base, head, difference) => {
    expect((await said(base, head)).sentences).toEqual([`${START}${difference}`]);
  });

  test.each<[string, FirstResponse | null, FirstResponse | null]>([
    ["other values of the same keys", json({ id: 1 }), json({ id: 22 })],
    ["a size that is much the same", text(1000), text(1050)],
    ["no response", json({}), null],
  ])("%s are no difference", async (_, base, head) => {
    expect((await said(base, head)).sentences).toEqual([]);
  });
});

test("each arm is asked once, and only what is the same for all and changes nothing", async () => {
  const plan = planOf(
    '  - path: /users\n  - path: "/x/{sequence}"\n  - request: { method: POST, path: /add }\n  - requests: [{ path: /a }, { path: /b }]\n',
  );
  expect((await said(json({}), json({}), plan)).asked).toEqual(["head /users", "base /users"]);
});
