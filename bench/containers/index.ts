import { execFileSync } from "node:child_process";
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { parseArgs } from "node:util";
import { markdownTable } from "markdown-table";
import { parseResultText } from "../../src/model/parse-result.js";
import type { Result } from "../../src/model/result.js";
import { changeWithInterval } from "../../src/reporters/text/figures.js";
import { NODE_IMAGE, startEngine } from "../../test/parts/engine.js";
import { endOnSignals } from "../stacks/child.js";
import { copyExample } from "../stacks/copy-example.js";
import { namesIn } from "../stacks/names.js";
import { PROJECT_ROOT } from "../stacks/project-root.js";
import { branchedRepository } from "../stacks/repository.js";
import { CLI, runTailgate } from "../stacks/tailgate.js";
import { importPostgres, POSTGRES_IMAGE, whyNoPostgres } from "./postgres-image.js";

/* Services in containers, with a container engine of its own and images made from this machine's programs. */

const PATCHES = ["n-plus-one", "missing-index", "no-op"] as const;

const USAGE = `usage: npm run bench:containers -- [options]

  --part NAMES     ways: one service as a process and as containers, side by side;
                   compose: examples/compose with its patches; default: both
  --only NAMES     patches, with commas between: ${PATCHES.join(", ")}
  --budget TIME    of measuring, for each run; default 3m
  --out FOLDER     for reports and raw results; default .tailgate/containers`;

/** The same work for every request, so that its CPU is the same however it is started. */
const SERVER = `import { createServer } from "node:http";
createServer((request, response) => {
  let sum = 0;
  for (let i = 0; i < 200_000; i++) sum += Math.sqrt(i);
  response.end(String(sum));
}).listen(Number(process.env.PORT), process.env.HOST ?? "127.0.0.1");
`;
const WAYS = `arms:
  process: { start: node server.mjs }
  host-network: { dockerfile: . }
  published-port: { dockerfile: ., container-port: 8080, env: { HOST: 0.0.0.0 } }
baseline: process
scenarios: [{ name: fixed work, path: / }]
`;

const { values: options } = parseArgs({
  options: {
    part: { type: "string" },
    only: { type: "string" },
    budget: { type: "string", default: "3m" },
    out: { type: "string", default: join(PROJECT_ROOT, ".tailgate", "containers") },
    help: { type: "boolean", default: false },
  },
});
if (options.help) console.log(USAGE);
else process.exitCode = await main();

async function main(): Promise<number> {
  endOnSignals();
  const parts = namesIn(options.part);
  const wants = (part: string): boolean => parts.length === 0 || parts.includes(part);
  const engine = await startEngine();
  if ("missing" in engine) throw new Error(engine.missing);
  process.env["DOCKER_HOST"] = engine.host;
  try {
    const codes = [wants("ways") ? await compareWays() : 0, wants("compose") ? await measurePatches() : 0];
    return Math.max(...codes);
  } finally {
    await engine.stop();
  }
}

async function compareWays(): Promise<number> {
  const folder = join(resolve(options.out), "ways");
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, "server.mjs"), SERVER);
  writeFileSync(
    join(folder, "Dockerfile"),
    `FROM ${NODE_IMAGE}\nCOPY server.mjs /\nCMD ["node", "/server.mjs"]\n`,
  );
  writeFileSync(join(folder, "tailgate.yml"), WAYS);
  return runTailgate({
    cli: CLI,
    arguments: ["--budget", options.budget, "--out", join(folder, "results")],
    cwd: folder,
    environment: process.env,
  });
}

async function measurePatches(): Promise<number> {
  const why = whyNoPostgres();
  if (why !== null) throw new Error(why);
  importPostgres();
  const wanted = namesIn(options.only);
  const rows: string[][] = [];
  let worst = 0;
  for (const patch of PATCHES.filter((name) => wanted.length === 0 || wanted.includes(name))) {
    console.error(`\n## ${patch}`);
    const out = join(resolve(options.out), patch);
    const code = await measurePatch(patch, out);
    const result = parseResultText(readFileSync(join(out, "result.json"), "utf8"));
    rows.push([
      patch,
      result.verdict,
      String(result.stopped.blocks),
      change(result, "cpu"),
      change(result, "p50"),
    ]);
    if ((code === 1) !== (patch !== "no-op")) worst = 1;
  }
  const heading = ["patch", "verdict", "blocks", "CPU per request", "p50"];
  console.log(`\n${markdownTable([heading, ...rows])}`);
  return worst;
}

async function measurePatch(patch: string, out: string): Promise<number> {
  const repository = branchedRepository(
    (tree) => {
      copyExample(join(PROJECT_ROOT, "examples", "compose"), tree);
    },
    {
      patched: (tree) => {
        const file = join(PROJECT_ROOT, "examples", "regressions", "compose", `${patch}.patch`);
        execFileSync("git", ["apply", "-p1", file], { cwd: tree });
      },
    },
  );
  try {
    return await runTailgate({
      cli: CLI,
      arguments: ["--base", "main", "--head", "patched", "--budget", options.budget, "--out", out],
      cwd: repository.folder,
      environment: { ...process.env, NODE_IMAGE, POSTGRES_IMAGE },
    });
  } finally {
    repository.remove();
  }
}

function change({ cells }: Result, metric: string): string {
  const cell = cells.find((one) => one.metric === metric && one.scenario !== null);
  return cell === undefined || cell.change === null ? "none" : changeWithInterval(cell);
}
