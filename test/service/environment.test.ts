import { expect, test } from "vitest";

import {
  childEnvironment,
  markOf,
  markPrefix,
  MARK_VARIABLE,
} from "../../src/service/process/child-environment.js";

const from = (
  environment: Record<string, string>,
  added: Record<string, string> = {},
  port: number | null = 4000,
): Record<string, string> => {
  const place = port === null ? null : { port, socketPath: null };
  return childEnvironment({ environment, added, mark: "run:base:1", place });
};

test.each([
  "INPUT_START",
  "INPUT_GITHUB-TOKEN",
  "ACTIONS_RUNTIME_TOKEN",
  "ACTIONS_ID_TOKEN_REQUEST_TOKEN",
  "GITHUB_TOKEN",
  "GH_TOKEN",
  "GITHUB_ENV",
  "GITHUB_OUTPUT",
  "GITHUB_PATH",
  "GITHUB_STATE",
  "GITHUB_STEP_SUMMARY",
  "STATE_runId",
  "TAILGATE_MARK",
  "github_token",
])("%s of the job does not reach the service", (name) => {
  const child = from({ [name]: "mine" });
  expect(child[name]).not.toBe("mine");
  expect(Object.values(child)).not.toContain("mine");
});

test.each([
  "PATH",
  "HOME",
  "DATABASE_URL",
  "CI",
  "GITHUB_SHA",
  "GITHUB_WORKSPACE",
  "RUNNER_TRACKING_ID",
  "NODE_OPTIONS",
])("%s of the job arrives, as a user expects", (name) => {
  expect(from({ [name]: "kept" })[name]).toBe("kept");
});

test("service.env is added, wins over the job's, and may bring back what was taken out", () => {
  const child = from(
    { LOG_LEVEL: "debug", GITHUB_TOKEN: "job" },
    { LOG_LEVEL: "warn", GITHUB_TOKEN: "given" },
  );
  expect(child).toMatchObject({ LOG_LEVEL: "warn", GITHUB_TOKEN: "given" });
});

test("the launch sets PORT whatever others say, and replaces {port} in added values", () => {
  expect(from({ PORT: "80" }, { PORT: "81", SELF: "http://h:{port}/{port}" })).toMatchObject({
    PORT: "4000",
    SELF: "http://h:4000/4000",
  });
});

test("a build is given no PORT", () => {
  expect(from({ PORT: "80" }, { SELF: "{port}" }, null)).toMatchObject({ PORT: "80", SELF: "{port}" });
});

test("every child carries a mark that begins with its run's", () => {
  const mark = from({})[MARK_VARIABLE]!;
  expect(`${MARK_VARIABLE}=${mark}`.startsWith(markPrefix("run"))).toBe(true);
  expect(markOf("run", "base", 1)).toBe(mark);
  expect(`${MARK_VARIABLE}=${markOf("run2", "base", 1)}`.startsWith(markPrefix("run"))).toBe(false);
});
