import { mkdirSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { unzipSync } from "fflate";
import { afterAll, beforeAll, expect, test } from "vitest";
import { type ArtifactStore, startArtifactStore } from "../github/parts/artifact-store.js";
import { type Github, startGithub } from "../github/parts/github-api.js";
import { type Job, runJob } from "./parts/action-job.js";
import { markedProcesses, runFolders } from "./parts/leftovers.js";
import { makeRepository, type Repository } from "./parts/repository.js";

/* The jobs of a divided run as runners start them: each hands on an artifact, and the last one judges and comments. */

const SERVER = (waitMs: number): string => `import { createServer } from "node:http";
createServer((request, response) => setTimeout(() => response.end("ok"), ${waitMs}))
  .listen(Number(process.env.PORT), "127.0.0.1");
`;
const CONFIG = `service: { start: node server.mjs }
load: { requests: 20, warmup: 20, connections: 2, rate: 100 }
scenarios: [{ name: list users, path: / }]
gates: { p50: 100%, p90: off, p95: off, p99: off, throughput: off, cpu: off, memory: off }
experiment: { budget: 20s }
`;

let repository: Repository;
let github: Github;
let store: ArtifactStore;
const jobs: Job[] = [];
beforeAll(async () => {
  repository = makeRepository();
  store = await startArtifactStore();
});
afterAll(async () => {
  await github.stop();
  await store.stop();
  repository.remove();
  for (const { temporary } of jobs) rmSync(temporary, { recursive: true, force: true });
});

/** What actions/download-artifact leaves: a folder for each artifact. */
async function downloaded(): Promise<(workspace: string) => void> {
  const files = await Promise.all(
    store.artifacts.map(async ({ id, name }) => ({ name, files: unzipSync(await store.content(id)) })),
  );
  return (workspace) => {
    for (const artifact of files) {
      for (const [path, content] of Object.entries(artifact.files)) {
        const file = join(workspace, "tailgate-shards", artifact.name, path);
        mkdirSync(dirname(file), { recursive: true });
        writeFileSync(file, content);
      }
    }
  };
}

test("a pilot and two shards each store an artifact and say nothing, and the merge comments once and fails the job", async () => {
  const baseSha = repository.commit({ "server.mjs": SERVER(2), "tailgate.yml": CONFIG });
  const headSha = repository.commit({ "server.mjs": SERVER(20) });
  github = await startGithub({ baseSha, headSha });
  const run = async (inputs: Readonly<Record<string, string>>): Promise<Job> => {
    const before = await downloaded();
    const job = await runJob(repository, github, { baseSha, headSha, inputs }, store.environment, before);
    jobs.push(job);
    expect(markedProcesses(job.temporary)).toEqual([]);
    expect(runFolders(job.temporary)).toEqual([]);
    return job;
  };

  for (const shard of ["pilot/2", "1/2", "2/2"]) {
    const job = await run({ shard });
    expect(job.code, job.stdout + job.stderr).toBe(0);
    expect(job.outputs.get("verdict")).toBe("");
  }
  expect(store.artifacts.map(({ name }) => name)).toEqual([
    "tailgate-shard-pilot-of-2",
    "tailgate-shard-1-of-2",
    "tailgate-shard-2-of-2",
  ]);
  expect(await github.comments()).toEqual([]);

  const merge = await run({ mode: "merge" });
  expect(merge.outputs.get("verdict"), merge.stdout + merge.stderr).toBe("regression");
  expect(merge.code).toBe(1);
  const [comment, ...others] = await github.comments();
  expect(others).toEqual([]);
  expect(comment!.body).toContain("list users");
  expect(comment!.body).toMatch(/2 runners|runners 1 and 2/);
  expect(merge.summary).toContain("Regression");
}, 400_000);
