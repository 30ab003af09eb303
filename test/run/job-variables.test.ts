import { describe, expect, test } from "vitest";
import { readConfigFile } from "../../src/config/file/read-file.js";
import { checkInputs } from "../../src/config/inputs.js";
import { makePlan } from "../../src/config/make-plan.js";
import type { Plan } from "../../src/model/plan.js";
import { filledReady, filledRequest, filledText, readJobVariables } from "../../src/run/job-variables.js";
import type { RunContext } from "../../src/run/run-context.js";
import { childEnvironment } from "../../src/service/process/child-environment.js";
import { redact } from "../../src/service/log/redact.js";
import { secretsOf } from "../../src/service/log/secrets.js";
import { contextIn } from "./made-up-context.js";

const CONFIG = `
service:
  start: node server.js
  env: { KEY: "k-\${SERVICE_KEY}" }
  ready: { path: /, headers: { x-probe: "\${PROBE}" } }
scenarios:
  - request:
      method: POST
      path: /users
      headers: { authorization: "Bearer \${TOKEN}" }
      body: { name: "\${WHO}", price: "$\${TOKEN}" }
`;

function planOf(text = CONFIG): Plan {
  const file = readConfigFile(new TextEncoder().encode(text), "tailgate.yml");
  return makePlan({ inputs: checkInputs({}, "flag"), headFile: file, baseFile: null });
}

const JOB = { SERVICE_KEY: "abcd-1234", PROBE: "prob", TOKEN: "tok-5678", WHO: 'Ada "the first"' };

function contextOf(
  environment: Readonly<Record<string, string>>,
  more: Partial<RunContext> = {},
): RunContext {
  return { ...contextIn("/"), environment, ...more };
}

test("variables of the job are put into headers, bodies, the environment and the question for readiness", () => {
  const plan = planOf();
  const { environment } = readJobVariables(contextOf(JOB), plan);
  const request = filledRequest(plan.scenarios[0]!.requests[0]!, environment);
  expect(request.headers["authorization"]).toBe("Bearer tok-5678");
  expect(JSON.parse(request.body!)).toEqual({ name: 'Ada "the first"', price: "${TOKEN}" });
  const { service } = plan.arms[0]!;
  expect(filledText(service.env["KEY"]!, environment)).toBe("k-abcd-1234");
  expect(filledReady(service, environment).ready.headers).toEqual({ "x-probe": "prob" });
});

test("the plan, which goes into the result, keeps the names", () => {
  const plan = planOf();
  readJobVariables(contextOf(JOB), plan);
  expect(JSON.stringify(plan)).toContain("Bearer ${TOKEN}");
  expect(JSON.stringify(plan)).not.toContain("tok-5678");
});

test("values are masked, whatever their variables are called, and no process gets a copy of them", () => {
  const { environment } = readJobVariables(contextOf(JOB), planOf());
  expect(redact('prob, Ada "the first"', secretsOf(environment))).toBe("***, ***");
  const child = childEnvironment({ environment, added: {}, mark: "m", place: null });
  expect(Object.keys(child).filter((name) => name.startsWith("TAILGATE_SECRET"))).toEqual([]);
  expect(child["PROBE"]).toBe("prob");
});

describe("a variable is refused by its name", () => {
  test("where the job does not have it, or has it empty", () => {
    expect(() => readJobVariables(contextOf({ ...JOB, TOKEN: "", WHO: "x" }), planOf())).toThrow(
      "The configuration names `${TOKEN}`, which the job's environment does not have.",
    );
  });

  test("where it is the runner's", () => {
    const plan = planOf(CONFIG.replaceAll("TOKEN", "GITHUB_TOKEN"));
    expect(() => readJobVariables(contextOf({ ...JOB, GITHUB_TOKEN: "x" }), plan)).toThrow(
      "`${GITHUB_TOKEN}`, which belongs to the runner",
    );
  });

  test("on a pull request from a fork, even if it is there", () => {
    const event = {
      kind: "pull_request",
      baseRef: "main",
      baseSha: "",
      headSha: "",
      defaultBranch: null,
      fromFork: true,
    } as const;
    expect(() => readJobVariables(contextOf(JOB, { event }), planOf())).toThrow(
      /never read for a pull request from a fork/,
    );
    expect(() =>
      readJobVariables(contextOf(JOB, { event: { ...event, fromFork: false } }), planOf()),
    ).not.toThrow();
  });
});

test("a plan without variables leaves the context as it is", () => {
  const context = contextOf(JOB);
  expect(readJobVariables(context, planOf("service: { start: x }\n"))).toBe(context);
});
