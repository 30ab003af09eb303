import { execFileSync } from "node:child_process";
import { readFileSync, rmSync } from "node:fs";
import { join, resolve } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { type Github, startGithub } from "../github/parts/github-api.js";
import { createDatabase, fillTables } from "../parts/database.js";
import { type Job, type PullRequest, runJob } from "./parts/action-job.js";
import { markedProcesses, runFolders } from "./parts/leftovers.js";
import { type Repository, makeRepository } from "./parts/repository.js";

/*
 * The built action as a runner starts it, on the Fastify example with a real PostgreSQL, against a GitHub that keeps
 * state: a head that queries once per row must fail, and one that changes a comment must not.
 */

const ROOT = resolve(import.meta.dirname, "../..");
const EXAMPLE = ["package.json", "package-lock.json"];
const read = (path: string): string => readFileSync(join(ROOT, "examples/fastify", path), "utf8");

const CONFIG = `service:
  build: npm ci --prefer-offline --no-audit --no-fund
  start: node server.js
  ready: { path: /health }
load: { requests: 100, warmup: 50 }
scenarios:
  - name: list users
    path: /
# A query for each row costs ten times as much; what differs by less than twofold is no matter here.
gates: { p50: 100%, p90: 100%, p95: 100%, p99: off, throughput: 50%, cpu: 100%, memory: 100% }
experiment: { budget: 1m }
`;

/** Blocks of half a second: for what is said of a job, whatever it measures. */
const SMALL_CONFIG = `service: { start: node server.mjs }
load: { requests: 20, warmup: 20, connections: 2, rate: 100 }
scenarios:
  - name: list users
    path: /
gates: { p50: off, p90: off, p95: off, p99: off, throughput: off, cpu: off, memory: off }
experiment: { budget: 20s }
`;
const SMALL_SERVER = `import { createServer } from "node:http";
createServer((request, response) => response.end("ok")).listen(Number(process.env.PORT), "127.0.0.1");
`;

const QUERY = `const { rows } = await pool.query('SELECT user_id, username, email FROM "user" ORDER BY user_id LIMIT 100');
  return rows;`;
const QUERY_PER_ROW = `const { rows } = await pool.query('SELECT user_id FROM "user" ORDER BY user_id LIMIT 30');
  const users = [];
  for (const { user_id } of rows) {
    const user = await pool.query('SELECT user_id, username, email FROM "user" WHERE user_id = $1', [user_id]);
    users.push(user.rows[0]);
  }
  return users;`;

let database: string;
let repository: Repository;
let jobs: Readonly<Record<"n-plus-one" | "no-op" | "not-allowed", PullRequestJob>>;

// Most of a job is waiting: all of them run side by side, each on a runner of its own.
beforeAll(async () => {
  database = await createDatabase("action");
  await fillTables(database);
  repository = makeRepository();
  const heads: Record<string, string> = {};
  const server = read("server.js");
  expect(server).toContain(QUERY);
  const base = repository.commit({
    ...Object.fromEntries(EXAMPLE.map((path) => [path, read(path)])),
    ".gitignore": "node_modules\n",
    "server.js": server,
    ".github/tailgate.yml": CONFIG,
  });
  repository.git("checkout", "--quiet", "-b", "n-plus-one");
  heads["n-plus-one"] = repository.commit({ "server.js": server.replace(QUERY, QUERY_PER_ROW) });
  repository.git("checkout", "--quiet", "-b", "no-op", "main");
  heads["no-op"] = repository.commit({ "server.js": `// Lists users.\n${server}` });
  repository.git("checkout", "--quiet", "--orphan", "small");
  repository.git("rm", "--quiet", "-r", "--force", ".");
  const smallBase = repository.commit({ "server.mjs": SMALL_SERVER, ".github/tailgate.yml": SMALL_CONFIG });
  heads["small"] = repository.commit({ "server.mjs": `// Lists users.\n${SMALL_SERVER}` });
  const [queries, comment, small] = await Promise.all([
    // Clear at the first look, for which a busy machine needs longer.
    runPullRequest({ baseSha: base, headSha: heads["n-plus-one"], inputs: { budget: "90s" } }),
    runPullRequest({ baseSha: base, headSha: heads["no-op"], inputs: LINKED }),
    runPullRequest({ baseSha: smallBase, headSha: heads["small"], permissions: { contents: "read" } }),
  ]);
  jobs = { "n-plus-one": queries, "no-op": comment, "not-allowed": small };
}, 600_000);

afterAll(async () => {
  for (const { github, temporary } of Object.values(jobs)) {
    await github.stop();
    rmSync(temporary, { recursive: true, force: true });
  }
  repository.remove();
});

interface PullRequestJob extends Job {
  readonly github: Github;
  readonly headSha: string;
}

async function runPullRequest(pullRequest: PullRequest): Promise<PullRequestJob> {
  const github = await startGithub(pullRequest);
  const job = await runJob(repository, github, pullRequest, { DATABASE_URL: database });
  return { ...job, github, headSha: pullRequest.headSha };
}

/** The example's packages are this project's own too: one job that installs them shows that it can. */
const LINKED = { build: `ln -s '${join(ROOT, "node_modules")}' node_modules` };

function expectNothingLeft(job: Job): void {
  const git = (...args: string[]): string =>
    execFileSync("git", args, { cwd: job.workspace, encoding: "utf8" }).trim();
  expect(markedProcesses(job.temporary)).toEqual([]);
  expect(runFolders(job.temporary)).toEqual([]);
  expect(git("worktree", "list").split("\n")).toHaveLength(1);
  expect(git("status", "--porcelain")).toBe("");
  expect(job.post.code).toBe(0);
  expect(job.post.stdout).toContain("Nothing was left behind.");
}

describe("a pull request that queries once per row", () => {
  let job: PullRequestJob;
  beforeAll(() => {
    job = jobs["n-plus-one"];
  });

  test("fails with one sentence that names the scenario", () => {
    expect(job.stdout + job.stderr).toMatch(/^::error::.*list users/m);
    expect(job.code).toBe(1);
  });

  test("gets one comment that says so", async () => {
    const comments = await job.github.comments();
    expect(comments).toHaveLength(1);
    expect(comments[0]?.login).toBe("github-actions[bot]");
    expect(comments[0]?.body).toContain("Regression");
    expect(comments[0]?.body).toContain("list users");
    expect(comments[0]?.body).toContain(job.headSha.slice(0, 7));
  });

  test("writes its outputs", async () => {
    expect(job.outputs.get("verdict")).toBe("regression");
    const regressions = JSON.parse(job.outputs.get("regressions") ?? "") as { scenario: string }[];
    expect(regressions.map((cell) => cell.scenario)).toContain("list users");
    const result = JSON.parse(readFileSync(job.outputs.get("result-json")!, "utf8")) as { verdict: string };
    expect(result.verdict).toBe("regression");
    expect(readFileSync(job.outputs.get("report-markdown")!, "utf8")).toContain("Regression");
    expect(readFileSync(job.outputs.get("report-html")!, "utf8")).toContain("<html");
    expect(job.outputs.get("comment-url")).toContain("#issuecomment-");
    expect((await job.github.comments())[0]?.id).toBe(
      Number(job.outputs.get("comment-url")!.split("-").at(-1)),
    );
  });

  test("writes the same into the job summary", () => {
    expect(job.summary).toContain("Regression");
    expect(job.summary).toContain("list users");
  });

  test("leaves no process, worktree or folder behind", () => {
    expectNothingLeft(job);
  });
});

describe("a pull request that changes a comment", () => {
  let job: PullRequestJob;
  beforeAll(() => {
    job = jobs["no-op"];
  });

  test("does not fail", () => {
    expect(job.outputs.get("verdict")).toMatch(/^(pass|inconclusive)$/);
    expect(job.outputs.get("regressions")).toBe("[]");
    expect(job.code).toBe(0);
  });

  test("gets one comment, with the interval of every gated row", async () => {
    const comments = await job.github.comments();
    expect(comments).toHaveLength(1);
    expect(comments[0]?.body).not.toContain("🔴");
    expect(comments[0]?.body).toMatch(/p50 \|.* \[/);
  });

  test("leaves no process, worktree or folder behind", () => {
    expectNothingLeft(job);
  });
});

describe("without the permission to comment", () => {
  test("it names the permission, writes the summary and keeps its exit code", async () => {
    const job = jobs["not-allowed"];
    expect(job.stdout).toContain("pull-requests: write");
    expect(job.summary).toContain("list users");
    expect(await job.github.comments()).toEqual([]);
    expect(job.code).toBe(0);
  });
});
