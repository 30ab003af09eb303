import { closeSync, mkdirSync, openSync, readFileSync, writeFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { parseArgs } from "node:util";
import { explanation as explanationSchema } from "../../src/model/explanation.js";
import { patchedRepository } from "../regressions/repository.js";
import { digestOf, folderOf, type Trial } from "../regressions/store.js";
import { endOnSignals } from "../stacks/child.js";
import { openDatabase, type Database } from "../stacks/database.js";
import { namesIn } from "../stacks/names.js";
import { PROJECT_ROOT } from "../stacks/project-root.js";
import { exampleOf, STACKS, type Stack } from "../stacks/stack.js";
import { CLI, runTailgate } from "../stacks/tailgate.js";
import { presenceOf } from "../stacks/toolchain.js";
import { ANSWERS } from "./expectations.js";
import { overheadTable } from "./overhead.js";
import { appendRecord, isOf, readRecords, type DiagnosisRecord } from "./records.js";
import { coverageOf, diagnosisTable, tallyOf } from "./table.js";

/*
 * Whether an explanation names the right function: `tailgate explain` on each patch of examples/regressions, held
 * against what reading the patch says. Each diagnosis is a line of a file, and what is there is not made again.
 */

const USAGE = `usage: npm run explanations -- [options]

  --stack NAMES    stacks, with commas between: ${Object.keys(ANSWERS).join(", ")}
  --only NAMES     regressions, with commas between
  --repeat N       explains each so many times; default 1
  --budget TIME    of looking, for each; default 90s
  --again          makes those again that are there
  --overhead       tells what the instruments cost instead
  --out FOLDER     for records and profiles; default .tailgate/explanations
  --cli FILE       the command under test; default dist/cli.js

Starts PostgreSQL, unless DATABASE_URL names one.`;

const { values: options } = parseArgs({
  options: {
    stack: { type: "string" },
    only: { type: "string" },
    repeat: { type: "string", default: "1" },
    budget: { type: "string", default: "90s" },
    again: { type: "boolean", default: false },
    overhead: { type: "boolean", default: false },
    out: { type: "string", default: join(PROJECT_ROOT, ".tailgate", "explanations") },
    cli: { type: "string", default: CLI },
    help: { type: "boolean", default: false },
  },
});
if (options.help) console.log(USAGE);
else process.exitCode = options.overhead ? await tellOverhead() : await main();

async function tellOverhead(): Promise<number> {
  endOnSignals();
  const database = await openDatabase(process.env);
  try {
    const stacks = [...new Set(plannedTrials().map(({ stack }) => stack))];
    console.log(await overheadTable(stacks, { budget: options.budget, databaseUrl: database.url }));
    return 0;
  } finally {
    await database.stop();
  }
}

interface Planned {
  readonly stack: Stack;
  readonly trial: Trial;
  readonly patch: string;
  readonly digest: string;
}

async function main(): Promise<number> {
  endOnSignals();
  const out = resolve(options.out);
  const file = join(out, "diagnoses.ndjson");
  const planned = plannedTrials();
  // One that was made again is the last of its kind.
  const known = options.again ? [] : readRecords(file).toReversed();
  const missing = planned.filter(({ trial, digest }) => !known.some((one) => isOf(one, trial, digest)));
  const made: DiagnosisRecord[] = [];
  let failed = 0;
  if (missing.length > 0) {
    const database = await openDatabase(process.env);
    try {
      for (const one of missing) {
        console.error(`\n## ${one.trial.stack}: ${one.trial.regression}`);
        try {
          const record = await diagnosed(one, database, out);
          appendRecord(file, record);
          made.push(record);
        } catch (error) {
          failed++;
          console.error(error instanceof Error ? error.message : String(error));
        }
      }
    } finally {
      await database.stop();
    }
  }
  const records = planned.flatMap(
    ({ trial, digest }) => [...made, ...known].find((one) => isOf(one, trial, digest)) ?? [],
  );
  const text = [diagnosisTable(records), tallyOf(records), ...coverageOf(records)].join("\n\n").concat("\n");
  mkdirSync(out, { recursive: true });
  writeFileSync(join(out, "summary.md"), text);
  console.log(`\n${text}\nKept in ${out}.`);
  return failed === 0 ? 0 : 1;
}

function plannedTrials(): Planned[] {
  const [stacks, names] = [namesIn(options.stack), namesIn(options.only)];
  const unknown = [
    ...stacks.filter((name) => !Object.hasOwn(ANSWERS, name)),
    ...names.filter((name) => !Object.values(ANSWERS).some((of) => Object.hasOwn(of, name))),
  ][0];
  if (unknown !== undefined) throw new Error(`there is no stack or regression ${unknown}`);
  return STACKS.filter(({ name }) => stacks.length === 0 || stacks.includes(name)).flatMap((stack) =>
    Object.keys(ANSWERS[stack.name] ?? {})
      .filter((name) => names.length === 0 || names.includes(name))
      .flatMap((regression) => {
        const patch = join(PROJECT_ROOT, "examples", "regressions", stack.name, `${regression}.patch`);
        return Array.from({ length: Number(options.repeat) }, (_, index) => {
          const trial = { stack: stack.name, regression, run: index + 1 };
          const digest = digestOf([exampleOf(stack), patch], { budget: options.budget, run: trial.run });
          return { stack, trial, patch, digest };
        });
      }),
  );
}

/** The real path: commits, checkouts, builds, launches, explanation. */
async function diagnosed(
  { stack, trial, patch, digest }: Planned,
  database: Database,
  out: string,
): Promise<DiagnosisRecord> {
  const presence = presenceOf(stack.toolchain, process.env);
  if (!presence.found) throw new Error(`skipped: ${presence.because}`);
  const repository = patchedRepository(stack, patch, {});
  const startedMs = performance.now();
  try {
    const folder = folderOf(out, trial);
    mkdirSync(folder, { recursive: true });
    const answer = join(folder, "explanation.json");
    const stdout = openSync(answer, "w");
    const { base, head } = repository;
    const code = await runTailgate({
      cli: resolve(options.cli),
      command: "explain",
      arguments: [
        ...["--base", base, "--head", head, "--out", folder, "--json"],
        ...["--budget", options.budget, "--seed", String(parseInt(digest.slice(0, 7), 16))],
      ],
      cwd: repository.folder,
      environment: {
        TAILGATE_BUILD_CACHE: join(out, "builds"),
        ...process.env,
        DATABASE_URL: database.url,
      },
      stdout,
    }).finally(() => {
      closeSync(stdout);
    });
    const text = readFileSync(answer, "utf8");
    if (text === "") throw new Error(`no explanation; tailgate ended with ${code}`);
    const wallMs = Math.round(performance.now() - startedMs);
    return { trial, digest, wallMs, explanation: explanationSchema.parse(JSON.parse(text)) };
  } finally {
    repository.remove();
  }
}
