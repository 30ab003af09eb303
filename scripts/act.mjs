// Reads every workflow with act (https://github.com/nektos/act), and runs one of the documentation, unchanged, against a
// GitHub on the loopback: a pull request that makes a small service slower has to end red, with a comment.
//
//   go install github.com/nektos/act@latest && npm run act
//
// The job runs on this machine, in a temporary folder, without containers. OWNER/tailgate@v1 is this folder, with the
// dist/ that is in it. Set ACT to use a binary that is not in PATH.
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
const documented = documentedWorkflows(process.cwd()).find(
  ({ file, text }) => file === join("docs", "forks-and-permissions.md") && /on: pull_request/.test(text),
);

const folder = mkdtempSync(join(tmpdir(), "tailgate-act-"));
const repository = join(folder, "shop");
// act copies the whole folder of an action, so it gets one without node_modules.
const action = join(folder, "action");
cpSync("dist", join(action, "dist"), { recursive: true });
cpSync("action.yml", join(action, "action.yml"));
try {
  readWorkflows();
  const { headSha, baseSha } = makeRepository();
  const github = await startGithub(headSha, baseSha);
  try {
    const status = await runAct(github, headSha, baseSha);
    const comments = await github.comments();
    const told = comments.some(({ body }) => body.startsWith("<!-- tailgate") && body.includes("/users"));
    const slower = comments.some(({ body }) => body.includes("state=regression"));
    console.error(
      `act ended with ${status}; ${comments.length} comment(s); ${github.proxy.violations.length} violation(s) of GitHub's API`,
    );
    if (status === 0 || !told || !slower || github.proxy.violations.length > 0) {
      console.error(comments.map(({ body }) => body).join("\n"), github.proxy.violations);
      process.exitCode = 1;
    }
  } finally {
    await github.stop();
  }
} finally {
  rmSync(folder, { recursive: true, force: true });
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
function makeRepository() {
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
  writeFileSync(join(repository, ".github", "workflows", "latency.yml"), documented.text);
  writeFileSync(
    join(repository, "tailgate.yml"),
    "load: { rate: 100, requests: 100, warmup: 50 }\nexperiment: { budget: 45s }\n",
  );
  const baseSha = commit(4);
  git("switch", "-qc", "feature");
  return { baseSha, headSha: commit(8) };
}

/** The test parts are TypeScript; they are bundled for this. */
async function startGithub(headSha, baseSha) {
  const parts = join(process.cwd(), "test", "github", "parts");
  const outfile = join(parts, ".act-github.mjs");
  await build({
    entryPoints: [join(parts, "github-api.ts")],
    outfile,
    bundle: true,
    packages: "external",
    platform: "node",
    format: "esm",
    logLevel: "error",
  });
  try {
    const { startGithub: start } = await import(pathToFileURL(outfile).href);
    return await start({ headSha, baseSha });
  } finally {
    rmSync(outfile);
  }
}

function runAct(github, headSha, baseSha) {
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
