import { existsSync, mkdirSync, writeFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { parseArgs } from "node:util";
import { EXPECTATIONS, REGRESSIONS, type RegressionName } from "./expectations.js";
import { patchedRepository } from "./repository.js";
import { type Kept, type Trial, digestOf, folderOf, keep, kept } from "./store.js";
import { type Outcome, measured, outcomeTable, tally } from "./table.js";
import { endOnSignals } from "../stacks/child.js";
import { type Database, openDatabase } from "../stacks/database.js";
import { namesIn } from "../stacks/names.js";
import { PROJECT_ROOT } from "../stacks/project-root.js";
import { type Stack, exampleOf, stacksNamed } from "../stacks/stack.js";
import { CLI, runTailgate } from "../stacks/tailgate.js";
import { presenceOf } from "../stacks/toolchain.js";

/*
 * Whether Tailgate finds what it has to find: each patch of examples/regressions on its example, in a repository of its
 * own, by the command as a user runs it.
 */

const USAGE = `usage: npm run regressions -- [options]

  --stack NAMES    stacks, with commas between; default: those that have patches
  --only NAMES     regressions, with commas between: ${REGRESSIONS.join(", ")}
  --repeat N       measures each so many times; default 1
  --budget TIME    of measuring, for each; default 3m
  --resume         keeps what was measured before of the same example, patch and budget
  --out FOLDER     for reports and raw results; default .tailgate/regressions
  --cli FILE       the command under test; default dist/cli.js

Starts PostgreSQL, unless DATABASE_URL names one.`;

const { values: options } = parseArgs({
  options: {
    stack: { type: "string" },
    only: { type: "string" },
    repeat: { type: "string", default: "1" },
    budget: { type: "string", default: "3m" },
    resume: { type: "boolean", default: false },
    out: { type: "string", default: join(PROJECT_ROOT, ".tailgate", "regressions") },
    cli: { type: "string", default: CLI },
    help: { type: "boolean", default: false },
  },
});
if (options.help) console.log(USAGE);
else process.exitCode = await main();

async function main(): Promise<number> {
  endOnSignals();
  const out = resolve(options.out);
  const trials = plannedTrials();
  const database = await openDatabase(process.env);
  const outcomes: Outcome[] = [];
  try {
    for (const { stack, trial, patch } of trials) {
      console.error(`\n## ${trial.stack}: ${trial.regression}${trial.run > 1 ? ` (${trial.run})` : ""}`);
      outcomes.push(await carriedOut(stack, trial, patch, database, out));
      writeSummary(out, outcomes);
    }
  } finally {
    await database.stop();
  }
  const { lines, good } = tally(outcomes);
  console.log(`\n${outcomeTable(outcomes)}\n\n${lines.join("\n")}\n\nKept in ${out}.`);
  return good ? 0 : 1;
}

interface Planned {
  readonly stack: Stack;
  readonly trial: Trial;
  readonly patch: string;
}

function plannedTrials(): Planned[] {
  const names = namesIn(options.only);
  const unknown = names.find((name) => !Object.hasOwn(EXPECTATIONS, name));
  if (unknown !== undefined) throw new Error(`there is no regression ${unknown}`);
  const runs = Array.from({ length: Number(options.repeat) }, (_, index) => index + 1);
  const wanted = REGRESSIONS.filter((name) => names.length === 0 || names.includes(name));
  return stacksNamed(namesIn(options.stack)).flatMap((stack) =>
    wanted.flatMap((regression) => {
      const patch = join(PROJECT_ROOT, "examples", "regressions", stack.name, `${regression}.patch`);
      if (!existsSync(patch)) return [];
      return runs.map((run) => ({ stack, trial: { stack: stack.name, regression, run }, patch }));
    }),
  );
}

async function carriedOut(
  stack: Stack,
  trial: Trial,
  patch: string,
  database: Database,
  out: string,
): Promise<Outcome> {
  const presence = presenceOf(stack.toolchain, process.env);
  if (!presence.found) {
    console.error(`skipped: ${presence.because}`);
    return { kind: "skipped", trial, because: presence.because };
  }
  const { gates } = EXPECTATIONS[trial.regression as RegressionName];
  const digest = digestOf([exampleOf(stack), patch], { gates, budget: options.budget, run: trial.run });
  const before = options.resume ? kept(out, trial, digest) : null;
  if (before !== null) {
    console.error("measured before");
    return measured(before);
  }
  try {
    return measured(await measure(stack, trial, patch, digest, database, out));
  } catch (error) {
    const because = error instanceof Error ? error.message : String(error);
    console.error(because);
    return { kind: "broken", trial, because };
  }
}

/** The real path: commits, worktrees, builds, launches, load, verdict. */
async function measure(
  stack: Stack,
  trial: Trial,
  patch: string,
  digest: string,
  database: Database,
  out: string,
): Promise<Kept> {
  const { gates } = EXPECTATIONS[trial.regression as RegressionName];
  const repository = patchedRepository(stack, patch, gates);
  const startedMs = performance.now();
  try {
    const folder = folderOf(out, trial);
    const { base, head } = repository;
    const code = await runTailgate({
      cli: resolve(options.cli),
      arguments: [
        ...["--base", base, "--head", head, "--out", folder],
        ...["--budget", options.budget, "--seed", String(parseInt(digest.slice(0, 7), 16))],
      ],
      cwd: repository.folder,
      environment: {
        TAILGATE_BUILD_CACHE: join(out, "builds"),
        ...process.env,
        DATABASE_URL: database.url,
      },
    });
    if (!existsSync(join(folder, "result.json"))) throw new Error(`no result; tailgate ended with ${code}`);
    return keep(out, { trial, digest, exitCode: code, wallMs: Math.round(performance.now() - startedMs) });
  } finally {
    repository.remove();
  }
}

function writeSummary(out: string, outcomes: readonly Outcome[]): void {
  mkdirSync(out, { recursive: true });
  writeFileSync(
    join(out, "summary.md"),
    `${outcomeTable(outcomes)}\n\n${tally(outcomes).lines.join("\n")}\n`,
  );
}
