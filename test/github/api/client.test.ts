import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from "vitest";
import {
  boundedPages,
  connect,
  type ClientEdges,
  type GithubClient,
} from "../../../src/github/api/client.js";
import type { GithubFault } from "../../../src/github/api/fault.js";
import { whoAmI } from "../../../src/github/api/identity.js";
import { OPERATIONS } from "../../../src/github/api/operation.js";
import { FAULTS, type Fault } from "../parts/faults.js";
import { startGithub, type Github } from "../parts/github-api.js";

let github: Github;
let client: GithubClient;

/** Faults pass or last, and no test waits for them. */
const EDGES: ClientEdges = {
  nowMs: () => Date.now(),
  secondMs: 0,
  sleep: () => Promise.resolve(),
  limits: { requestTimeoutMs: 2_000 },
};

beforeAll(async () => {
  github = await startGithub();
});
afterAll(() => github.stop());
beforeEach(async () => {
  client = await connect(github.apiUrl, github.token, EDGES);
});
afterEach(() => {
  github.proxy.faults.length = 0;
  expect(github.proxy.violations.splice(0)).toEqual([]);
});

async function readPull(): Promise<number> {
  const { data: pull } = await client.call(OPERATIONS.getPullRequest, (api, request) =>
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

/** How many requests reached the server while something was asked. */
async function requestsOf(ask: () => Promise<unknown>): Promise<number> {
  const before = github.proxy.seen.length;
  await ask();
  return github.proxy.seen.length - before;
}

describe("a rate refusal", () => {
  const inSeconds = (n: number): number => Math.floor(Date.now() / 1000) + n;

  test.each<[string, Fault]>([
    ["403 with retry-after in seconds", FAULTS.secondaryRate({ "retry-after": "7" })],
    ["429 with retry-after in seconds", FAULTS.tooManyRequests({ "retry-after": "3" })],
    ["429 with a negative time", FAULTS.tooManyRequests({ "retry-after": "-5" })],
    ["403 without a time", FAULTS.secondaryRate({})],
    ["429 without a time", FAULTS.tooManyRequests({})],
    ["an exhausted limit that is renewed soon", FAULTS.primaryRate(inSeconds(30))],
  ])("a rate refusal is waited for and the read succeeds: %s", async (_what, fault) => {
    github.fault("GET", /\/pulls\/1$/, fault);
    expect(await requestsOf(readPull)).toBe(2);
  });

  test.each<[string, Fault]>([
    ["429 with a huge time", FAULTS.tooManyRequests({ "retry-after": "99999999999" })],
    ["an exhausted limit that is renewed in an hour", FAULTS.primaryRate(inSeconds(3600))],
  ])("a rate refusal for too long a time is given up at once, in words: %s", async (_what, fault) => {
    github.fault("GET", /\/pulls\/1$/, fault);
    const sent = await requestsOf(() =>
      expect(readPull()).rejects.toMatchObject({
        kind: "rate",
        message: expect.stringContaining("rate limit") as string,
      }),
    );
    expect(sent).toBe(1);
  });

  test("a rate refusal of a write is waited for too, as the write had no effect", async () => {
    const before = (await github.comments()).length;
    github.fault("POST", /\/comments$/, FAULTS.secondaryRate({ "retry-after": "1" }));
    await writeComment();
    expect(await github.comments()).toHaveLength(before + 1);
  });

  test("a rate refusal is not waited for beyond the time that all tries may take together", async () => {
    let clockMs = 0;
    const waiting = await connect(github.apiUrl, github.token, {
      ...EDGES,
      nowMs: () => (clockMs += 12_000),
    });
    github.fault("GET", /\/pulls\/1$/, FAULTS.tooManyRequests({}), 9);
    client = waiting;
    const sent = await requestsOf(() => expect(readPull()).rejects.toMatchObject({ kind: "rate" }));
    expect(sent).toBe(2);
  });

  test("a rate refusal that never ends is given up after four tries", async () => {
    github.fault("GET", /\/pulls\/1$/, FAULTS.tooManyRequests({ "retry-after": "1" }), 9);
    const sent = await requestsOf(() => expect(readPull()).rejects.toMatchObject({ kind: "rate" }));
    expect(sent).toBe(4);
  });
});

describe("passing faults", () => {
  test.each<[string, Fault, string]>([
    ["500", FAULTS.serverError, "server"],
    ["502 with a page", FAULTS.badGateway, "server"],
    ["a page with status 200", FAULTS.pageInstead, "not-json"],
    ["no response", FAULTS.silence, "timeout"],
    ["a cut connection", FAULTS.reset, "network"],
    ["a connection that is cut inside the body", FAULTS.half, "network"],
  ])("a read survives %s twice, and gives up after four tries", async (_what, fault, kind) => {
    github.fault("GET", /\/pulls\/1$/, fault, 2);
    expect(await requestsOf(readPull)).toBe(3);
    github.fault("GET", /\/pulls\/1$/, fault, 9);
    const sent = await requestsOf(() => expect(readPull()).rejects.toMatchObject({ kind, code: "github" }));
    expect(sent).toBe(4);
  });

  test("a read is not tried again when the time for all tries is over", async () => {
    client = await connect(github.apiUrl, github.token, {
      ...EDGES,
      limits: { ...EDGES.limits, totalMs: 5_000 },
    });
    github.fault("GET", /\/pulls\/1$/, FAULTS.serverError, 9);
    const sent = await requestsOf(() => expect(readPull()).rejects.toMatchObject({ kind: "server" }));
    expect(sent).toBe(1);
  });

  test.each<[string, Fault]>([
    ["500", FAULTS.serverError],
    ["a page with status 200", FAULTS.pageInstead],
    ["no response", FAULTS.silence],
    ["a cut connection", FAULTS.reset],
  ])("a write that may have had its effect is not sent twice after %s", async (_what, fault) => {
    github.fault("POST", /\/comments$/, fault);
    const sent = await requestsOf(async () => {
      const error = (await writeComment().catch((reason: unknown) => reason)) as GithubFault;
      expect(error.ambiguous).toBe(true);
    });
    expect(sent).toBe(1);
  });
});

test("a list whose server never says that it is at the last page is ended", async () => {
  const next = `<${github.apiUrl}/repos/acme/shop/issues/1/comments?page=2>; rel="next"`;
  const page = {
    kind: "response",
    status: 200,
    headers: { "content-type": "application/json", link: next },
  } as const;
  github.fault("GET", /\/comments/, { ...page, body: "[]" }, 999);
  const sent = await requestsOf(() =>
    client.call(OPERATIONS.listComments, (api) =>
      api.paginate(
        api.rest.issues.listComments,
        { owner: "acme", repo: "shop", issue_number: 1 },
        boundedPages(),
      ),
    ),
  );
  expect(sent).toBe(100);
});

describe("lasting refusals are not repeated", () => {
  test.each<[string, Fault, string]>([
    ["401", FAULTS.badCredentials, "unauthorized"],
    ["403", FAULTS.notAccessible, "forbidden"],
    ["404", FAULTS.notFound, "not-found"],
    ["410", FAULTS.gone, "gone"],
    ["422", FAULTS.tooLong, "too-long"],
  ])("a lasting refusal with %s is not repeated", async (_what, fault, kind) => {
    github.fault("GET", /\/pulls\/1$/, fault, 9);
    const before = github.proxy.seen.length;
    await expect(readPull()).rejects.toMatchObject({ kind });
    expect(github.proxy.seen.length - before).toBe(1);
  });

  test("a read of something that has moved follows it to its new place", async () => {
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
  test("a job's token belongs to the bot that GraphQL names", async () => {
    expect(await whoAmI(client)).toBe("github-actions[bot]");
  });

  test("a person's token belongs to the person", async () => {
    expect(await whoAmI(await connect(github.apiUrl, "owner_token"))).toBe(github.owner);
  });

  test("a token that may ask neither REST nor GraphQL is taken for the job's own", async () => {
    github.fault("POST", /graphql/, FAULTS.notAccessible);
    expect(await whoAmI(client)).toBe("github-actions[bot]");
  });

  test("a token that GraphQL refuses with status 200 is taken for the job's own", async () => {
    const body = JSON.stringify({ data: null, errors: [{ type: "FORBIDDEN", message: "no" }] });
    github.fault("POST", /graphql/, {
      kind: "response",
      status: 200,
      headers: { "content-type": "application/json" },
      body,
    });
    expect(await whoAmI(client)).toBe("github-actions[bot]");
  });

  test("an invalid token is refused, and not taken for the bot's", async () => {
    github.fault("GET", /\/user$/, FAULTS.badCredentials);
    await expect(whoAmI(client)).rejects.toMatchObject({ kind: "unauthorized" });
  });
});

test("GitHub Enterprise Server is asked at its own address", async () => {
  const enterprise = await startGithub({ prefix: "/api/v3" });
  try {
    const there = await connect(enterprise.apiUrl, enterprise.token);
    const { data: pull } = await there.call(OPERATIONS.getPullRequest, (api, request) =>
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
