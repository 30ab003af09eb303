import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { connect, type GithubClient } from "../../src/github/api/client.js";
import type { GithubFault } from "../../src/github/api/fault.js";
import { whoAmI } from "../../src/github/api/identity.js";
import { OPERATIONS } from "../../src/github/api/operation.js";
import { FAULTS, type Fault } from "./parts/faults.js";
import { startGithub, type Github } from "./parts/github-api.js";

let github: Github;
let client: GithubClient;
let waitedMs: number[];

beforeAll(async () => {
  github = await startGithub();
});
afterAll(() => github.stop());
beforeEach(async () => {
  waitedMs = [];
  let clockMs = Date.parse("2026-11-21T00:00:00Z");
  client = await connect(github.apiUrl, github.token, {
    nowMs: () => clockMs,
    sleep: (ms) => {
      waitedMs.push(ms);
      clockMs += ms;
      return Promise.resolve();
    },
    limits: { requestTimeoutMs: 200 },
  });
});
afterEach(() => {
  github.proxy.faults.length = 0;
  expect(github.proxy.violations.splice(0)).toEqual([]);
});

async function readPull(): Promise<number> {
  const pull = await client.call(OPERATIONS.getPullRequest, (api, request) =>
    api.rest.pulls.get({ owner: github.owner, repo: github.repository, pull_number: 1, request }),
  );
  return pull.number;
}

async function writeComment(): Promise<unknown> {
  return client.call(OPERATIONS.createComment, (api, request) =>
    api.rest.issues.createComment({
      owner: github.owner,
      repo: github.repository,
      issue_number: 1,
      body: "x",
      request,
    }),
  );
}

describe("rate refusals are waited for as they ask, if it is not too long", () => {
  const inSeconds = (n: number): string => String(Date.parse("2026-11-21T00:00:00Z") / 1000 + n);
  test.each<[string, Fault, number]>([
    ["403 with retry-after in seconds", FAULTS.secondaryRate({ "retry-after": "7" }), 7_000],
    ["429 with retry-after in seconds", FAULTS.tooManyRequests({ "retry-after": "3" }), 3_000],
    ["429 with a date", FAULTS.tooManyRequests({ "retry-after": "Sat, 21 Nov 2026 00:00:20 GMT" }), 20_000],
    [
      "429 with a date in the past",
      FAULTS.tooManyRequests({ "retry-after": "Sat, 21 Nov 2020 00:00:00 GMT" }),
      1_000,
    ],
    ["429 with a negative time", FAULTS.tooManyRequests({ "retry-after": "-5" }), 1_000],
    ["429 with nonsense", FAULTS.tooManyRequests({ "retry-after": "soon" }), 1_000],
    ["403 without a time", FAULTS.secondaryRate({}), 60_000],
    ["429 without a time", FAULTS.tooManyRequests({}), 60_000],
    ["an exhausted limit that is renewed soon", FAULTS.primaryRate(Number(inSeconds(30))), 30_000],
  ])("%s", async (_what, fault, ms) => {
    github.fault("GET", /\/pulls\/1$/, fault);
    expect(await readPull()).toBe(1);
    expect(waitedMs).toEqual([ms]);
  });

  test.each<[string, Fault]>([
    ["429 with a huge time", FAULTS.tooManyRequests({ "retry-after": "99999999999" })],
    ["an exhausted limit that is renewed in an hour", FAULTS.primaryRate(Number(inSeconds(3600)))],
  ])("%s is given up at once, in words", async (_what, fault) => {
    github.fault("GET", /\/pulls\/1$/, fault);
    await expect(readPull()).rejects.toMatchObject({
      kind: "rate",
      message: expect.stringContaining("rate limit") as string,
    });
    expect(waitedMs).toEqual([]);
  });

  test("a write that was refused for rate had no effect, so it is sent again", async () => {
    const before = (await github.comments()).length;
    github.fault("POST", /\/comments$/, FAULTS.secondaryRate({ "retry-after": "1" }));
    await writeComment();
    expect(await github.comments()).toHaveLength(before + 1);
  });

  test("waiting ends after the time that all tries may take together", async () => {
    github.fault("GET", /\/pulls\/1$/, FAULTS.tooManyRequests({}), 9);
    await expect(readPull()).rejects.toMatchObject({ kind: "rate" });
    expect(waitedMs).toEqual([60_000]);
  });
});

describe("passing faults", () => {
  test.each<[string, Fault, string]>([
    ["500", FAULTS.serverError, "server"],
    ["502 with a page", FAULTS.badGateway, "server"],
    ["a page with status 200", FAULTS.pageInstead, "not-json"],
    ["no answer", FAULTS.silence, "timeout"],
    ["a cut connection", FAULTS.reset, "network"],
  ])("a read survives %s, and gives up after four tries with growing waits", async (_what, fault, kind) => {
    github.fault("GET", /\/pulls\/1$/, fault, 2);
    expect(await readPull()).toBe(1);
    expect(waitedMs).toEqual([1_000, 2_000]);
    github.fault("GET", /\/pulls\/1$/, fault, 9);
    waitedMs.length = 0;
    await expect(readPull()).rejects.toMatchObject({ kind, code: "github" });
    expect(waitedMs).toEqual([1_000, 2_000, 4_000]);
  });

  test.each<[string, Fault]>([
    ["500", FAULTS.serverError],
    ["no answer", FAULTS.silence],
  ])("a write that may have had its effect is not sent twice after %s", async (_what, fault) => {
    github.fault("POST", /\/comments$/, fault);
    const error = (await writeComment().catch((reason: unknown) => reason)) as GithubFault;
    expect(error.ambiguous).toBe(true);
    expect(waitedMs).toEqual([]);
  });
});

describe("lasting refusals are not repeated", () => {
  test.each<[string, Fault, string]>([
    ["401", FAULTS.badCredentials, "unauthorized"],
    ["403", FAULTS.notAccessible, "forbidden"],
    ["404", FAULTS.notFound, "not-found"],
    ["410", FAULTS.gone, "gone"],
    ["422", FAULTS.tooLong, "too-long"],
  ])("%s", async (_what, fault, kind) => {
    github.fault("GET", /\/pulls\/1$/, fault, 9);
    const before = github.proxy.seen.length;
    await expect(readPull()).rejects.toMatchObject({ kind });
    expect(github.proxy.seen.length - before).toBe(1);
  });

  test("a read of something that moved follows to its new place", async () => {
    const place = `${github.apiUrl}/repos/${github.owner}/${github.repository}/pulls/1`;
    github.fault("GET", /\/pulls\/1$/, FAULTS.moved(place));
    expect(await readPull()).toBe(1);
  });

  test("a bug of ours is not taken for a fault of GitHub's", async () => {
    const broken = client.call(OPERATIONS.getPullRequest, () => Promise.reject(new TypeError("bug")));
    await expect(broken).rejects.toThrow(TypeError);
  });
});

describe("whose token", () => {
  test("a job's token is the bot's, by GraphQL", async () => {
    expect(await whoAmI(client)).toBe("github-actions[bot]");
  });

  test("a person's token is the person's", async () => {
    expect(await whoAmI(await connect(github.apiUrl, "owner_token"))).toBe(github.owner);
  });

  test("where neither answers it is taken for the job's own", async () => {
    github.fault("POST", /graphql/, FAULTS.notAccessible);
    expect(await whoAmI(client)).toBe("github-actions[bot]");
  });

  test("nor where GraphQL refuses with status 200", async () => {
    const body = JSON.stringify({ data: null, errors: [{ type: "FORBIDDEN", message: "no" }] });
    github.fault("POST", /graphql/, {
      kind: "answer",
      status: 200,
      headers: { "content-type": "application/json" },
      body,
    });
    expect(await whoAmI(client)).toBe("github-actions[bot]");
  });

  test("an invalid one is a refusal, not a bot", async () => {
    github.fault("GET", /\/user$/, FAULTS.badCredentials);
    await expect(whoAmI(client)).rejects.toMatchObject({ kind: "unauthorized" });
  });
});

test("GitHub Enterprise Server is asked at its own address", async () => {
  const enterprise = await startGithub({ prefix: "/api/v3" });
  try {
    const there = await connect(enterprise.apiUrl, enterprise.token);
    const pull = await there.call(OPERATIONS.getPullRequest, (api, request) =>
      api.rest.pulls.get({ owner: enterprise.owner, repo: enterprise.repository, pull_number: 1, request }),
    );
    expect(pull.number).toBe(1);
    expect(await whoAmI(there)).toBe("github-actions[bot]");
    expect(enterprise.proxy.seen.map(({ path }) => path)).toEqual([
      "/api/v3/repos/acme/shop/pulls/1",
      "/api/v3/user",
      "/api/graphql",
    ]);
    expect(enterprise.proxy.violations).toEqual([]);
  } finally {
    await enterprise.stop();
  }
});
