// Reads every workflow with act (https://github.com/nektos/act), and runs two of the documentation, unchanged, against a
// GitHub on the loopback: a pull request that makes a small service slower has to end red, with a comment. The second divides
// its run among the jobs of a matrix. Their artifacts are kept by a store on the loopback, because act's own refuses a
// field that today's client sends.
//
//   go install github.com/nektos/act@latest && npm run act
//
// The jobs run on this machine, those of a matrix side by side, in a temporary folder, without containers: it tries the wiring, and measures
// nothing that would hold elsewhere. OWNER/tailgate@v1 is this folder, with the
// dist/ that is in it; actions/download-artifact is a stand-in of a few lines. Set ACT to use a binary that is not in PATH.
import { execFileSync, spawn, spawnSync } from "node:child_process";
import { cpSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { build } from "esbuild";
import { pathToFileURL } from "node:url";
import { documentedWorkflows } from "./documented-workflows.mjs";
import { writtenWorkflows } from "./written-workflows.mjs";

const act = process.env.ACT ?? "act";
if (spawnSync(act, ["--version"]).status !== 0) {
  console.error("act is not installed (go install github.com/nektos/act@latest); nothing was run.");
  process.exit(0);
}
const documented = documentedWorkflows(process.cwd());
const PULL_REQUEST = /on: pull_request/;
const WORKFLOWS = ["forks-and-permissions.md", "shards.md"].map((page) => ({
  page,
  text: documented.find(({ file, text }) => file === join("docs", page) && PULL_REQUEST.test(text)).text,
}));

const folder = mkdtempSync(join(tmpdir(), "tailgate-act-"));
// act copies the whole folder of an action, so it gets one without node_modules.
const action = join(folder, "action");
cpSync("dist", join(action, "dist"), { recursive: true });
cpSync("action.yml", join(action, "action.yml"));
const download = join(folder, "download-artifact");
try {
  readWorkflows();
  const { startGithub, startArtifactStore } = await githubParts();
  await makeDownload();
  for (const { page, text } of WORKFLOWS) {
    console.error(`\nthe workflow of docs/${page}`);
    await tryWorkflow(join(folder, page.replace(".md", "")), text, { startGithub, startArtifactStore });
  }
} finally {
  rmSync(folder, { recursive: true, force: true });
}

async function tryWorkflow(repository, workflow, { startGithub, startArtifactStore }) {
  const { headSha, baseSha } = makeRepository(repository, workflow);
  const github = await startGithub({ headSha, baseSha });
  const store = await startArtifactStore();
  try {
    const status = await runAct(repository, { github, store, headSha, baseSha });
    const comments = await github.comments();
    const told = comments.some(({ body }) => body.startsWith("<!-- tailgate") && body.includes("/users"));
    const slower = comments.some(({ body }) => body.includes("state=regression"));
    console.error(
      `act ended with ${status}; ${comments.length} comment(s); ${github.proxy.violations.length} violation(s) of GitHub's API`,
    );
    if (status === 0 || !told || !slower || comments.length > 1 || github.proxy.violations.length > 0) {
      console.error(comments.map(({ body }) => body).join("\n"), github.proxy.violations);
      process.exitCode = 1;
    }
  } finally {
    await store.stop();
    await github.stop();
  }
}

/** Takes the artifacts of this run whose names match, each into a folder of its own, as actions/download-artifact does. */
async function makeDownload() {
  mkdirSync(download);
  writeFileSync(
    join(download, "action.yml"),
    `name: download
description: stand-in
inputs: { pattern: { description: names, required: true }, path: { description: folder, required: true } }
runs: { using: node20, main: index.mjs }
`,
  );
  await build({
    stdin: {
      contents: `
        import { resolve, join } from "node:path";
        import { DefaultArtifactClient } from "@actions/artifact";
        const client = new DefaultArtifactClient();
        const { artifacts } = await client.listArtifacts();
        const pattern = new RegExp("^" + process.env.INPUT_PATTERN.replaceAll("*", ".*") + "$");
        for (const { id, name } of artifacts.filter((one) => pattern.test(one.name))) {
          const path = join(resolve(process.env.GITHUB_WORKSPACE, process.env.INPUT_PATH), name);
          await client.downloadArtifact(id, { path });
          console.log("downloaded", name);
        }
      `,
      resolveDir: process.cwd(),
    },
    outfile: join(download, "index.mjs"),
    bundle: true,
    platform: "node",
    format: "esm",
    banner: {
      js: 'import { createRequire as requireFrom } from "node:module"; const require = requireFrom(import.meta.url);',
    },
    logLevel: "error",
  });
}

/** Those that need what is not here, such as a comment's event or GitHub Pages, are read by act and no more. */
function readWorkflows() {
  const all = [
    ...documentedWorkflows(process.cwd()).map(({ file, line, text }) => ({ name: `${file}-${line}`, text })),
    ...writtenWorkflows(process.cwd()),
  ];
  for (const [index, { name, text }] of all.entries()) {
    const file = join(folder, `${index}.yml`);
    writeFileSync(file, text);
    const env = { ...process.env, HOME: folder, XDG_CACHE_HOME: folder };
    const read = spawnSync(act, ["--validate", "--strict", "--workflows", file], {
      cwd: folder,
      env,
      encoding: "utf8",
    });
    if (read.status === 0) continue;
    console.error(`${name}: ${read.stderr}`);
    process.exitCode = 1;
  }
  console.error(`act reads ${all.length} workflows`);
}

/** main with a quick service, and a branch on which each answer takes 4 ms longer. */
function makeRepository(repository, workflow) {
  const git = (...words) => execFileSync("git", ["-C", repository, ...words], { encoding: "utf8" }).trim();
  const service = (delayMs) => `
    import { createServer } from "node:http";
    createServer((request, response) => {
      setTimeout(() => response.end("[]"), ${delayMs});
    }).listen(process.env.PORT, "127.0.0.1");
  `;
  const commit = (delayMs) => {
    writeFileSync(join(repository, "server.js"), service(delayMs));
    git("add", "-A");
    git("-c", "user.name=t", "-c", "user.email=t@example.com", "commit", "-qm", `delay ${delayMs}`);
    return git("rev-parse", "HEAD");
  };
  mkdirSync(join(repository, ".github", "workflows"), { recursive: true });
  execFileSync("git", ["init", "-qb", "main", repository]);
  const named = { name: "shop", version: "1.0.0", type: "module" };
  writeFileSync(join(repository, "package.json"), JSON.stringify(named));
  writeFileSync(
    join(repository, "package-lock.json"),
    JSON.stringify({ ...named, lockfileVersion: 3, requires: true, packages: { "": named } }),
  );
  writeFileSync(join(repository, ".github", "workflows", "latency.yml"), workflow);
  writeFileSync(
    join(repository, "tailgate.yml"),
    `service: { build: npm ci, start: node server.js }
load: { rate: 100, requests: 100, warmup: 50 }
scenarios: [{ name: GET /users, path: /users }]
experiment: { budget: 45s }
`,
  );
  const baseSha = commit(4);
  git("switch", "-qc", "feature");
  return { baseSha, headSha: commit(8) };
}

/** The test parts are TypeScript; they are bundled for this. */
async function githubParts() {
  const parts = join(process.cwd(), "test", "github", "parts");
  const outfile = join(parts, ".act-github.mjs");
  await build({
    stdin: {
      contents: 'export * from "./github-api.ts"; export * from "./artifact-store.ts";',
      resolveDir: parts,
    },
    outfile,
    bundle: true,
    packages: "external",
    platform: "node",
    format: "esm",
    logLevel: "error",
  });
  try {
    return await import(pathToFileURL(outfile).href);
  } finally {
    rmSync(outfile);
  }
}

function runAct(repository, { github, store, headSha, baseSha }) {
  const { owner, repository: name } = github;
  const repo = { name, full_name: `${owner}/${name}`, default_branch: "main", owner: { login: owner } };
  const event = {
    action: "synchronize",
    number: 1,
    repository: repo,
    pull_request: {
      number: 1,
      head: { sha: headSha, ref: "feature", repo },
      base: { sha: baseSha, ref: "main", repo },
    },
  };
  const eventFile = join(folder, "event.json");
  writeFileSync(eventFile, JSON.stringify(event));
  const flags = [
    ["--workflows", join(repository, ".github", "workflows", "latency.yml")],
    ["--eventpath", eventFile],
    ["--platform", "ubuntu-latest=-self-hosted"],
    ["--local-repository", `OWNER/tailgate@v1=${action}`],
    ["--local-repository", `actions/download-artifact@v6=${download}`],
    ...Object.entries(store.environment).map(([name, value]) => ["--env", `${name}=${value}`]),
    ["--secret", `GITHUB_TOKEN=${github.token}`],
    ["--env", `GITHUB_API_URL=${github.apiUrl}`],
    ["--env", `GITHUB_REPOSITORY=${owner}/${name}`],
    ["--directory", repository],
    ["--no-cache-server"],
  ].flat();
  return new Promise((resolve, reject) => {
    const child = spawn(act, ["pull_request", ...flags], {
      stdio: "inherit",
      env: { ...process.env, HOME: folder, XDG_CACHE_HOME: folder },
    });
    child.once("error", reject);
    child.once("exit", (code) => resolve(code));
  });
}
