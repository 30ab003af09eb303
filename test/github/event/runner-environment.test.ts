import { expect, test } from "vitest";
import { readRunnerEnvironment, runUrl } from "../../../src/github/event/runner-environment.js";

const env = { GITHUB_REPOSITORY: "acme/shop" };

test("an environment that names no server is github.com's", () => {
  const runner = readRunnerEnvironment({ ...env, GITHUB_RUN_ID: "5" });
  expect(runner).toMatchObject({
    apiUrl: "https://api.github.com",
    owner: "acme",
    repository: "shop",
    runAttempt: 1,
  });
  expect(runUrl(runner)).toBe("https://github.com/acme/shop/actions/runs/5");
});

test("an address of GitHub Enterprise is taken, with or without a slash at its end", () => {
  const runner = readRunnerEnvironment({
    ...env,
    GITHUB_API_URL: "https://ghe.example/api/v3/",
    GITHUB_SERVER_URL: "https://ghe.example",
  });
  expect(runner).toMatchObject({ apiUrl: "https://ghe.example/api/v3", serverUrl: "https://ghe.example" });
});

test.each([
  ["no repository", {}],
  ["a repository that is a path", { GITHUB_REPOSITORY: "../../x" }],
  ["a repository of one part", { GITHUB_REPOSITORY: "shop" }],
  ["an address that is a file", { ...env, GITHUB_API_URL: "file:///etc/passwd" }],
  ["an address with a password", { ...env, GITHUB_API_URL: "https://a:b@evil.example" }],
  ["an address with a query", { ...env, GITHUB_API_URL: "https://evil.example/?x=" }],
  ["a run id that is none", { ...env, GITHUB_RUN_ID: "1e999" }],
  ["a negative attempt", { ...env, GITHUB_RUN_ATTEMPT: "-1" }],
])("an environment with %s is refused", (_what, broken) => {
  expect(() => readRunnerEnvironment(broken)).toThrow(expect.objectContaining({ code: "github" }) as Error);
});
