import { join, resolve } from "node:path";
import { parseArgs } from "node:util";
import { branchedRepository } from "../stacks/repository.js";
import { endpoints } from "./endpoints.js";
import { loadStudy } from "./load-study.js";
import { series } from "./series/series.js";
import { BESIDE, CHANGES, SUBJECTS as SERIES_SUBJECTS } from "./series/places.js";
import { SUBJECTS } from "./subjects.js";
import { endOnSignals, startChild } from "../stacks/child.js";
import { openDatabase } from "../stacks/database.js";
import { PROJECT_ROOT } from "../stacks/project-root.js";
import { CLI } from "../stacks/tailgate.js";

/*
 * Calibrations: `tailgate calibrate` on the demo's service and on the examples, with changes of a known size beside the copies.
 * Blocks are kept in .tailgate, and go on another day.
 */

const USAGE = `usage: npm run calibration -- ${Object.keys(SUBJECTS).join("|")}|series|load-study|endpoints [options]

  --runs N     whole runs that the blocks shall hold; default 5
  --cli FILE   the command under test; default dist/cli.js
  --fresh      forgets the blocks that are kept

series makes whole runs in turn instead, of unchanged and of slower commits, and goes on where it stopped:

  --runs N          of each kind; default 100
  --hours N         begins no run after that; default 8; with 0 the table of the runs so far is all
  --budget TIME     of each run; default 5m
  --subjects NAMES  ${SERIES_SUBJECTS.join(", ")}, with commas between; default: all
  --changes NAMES   ${CHANGES.join(", ")}; default: all
  --since DATE      forgets runs that began earlier, such as 2026-11-28T09:00 (UTC)
  --beside NAMES    ${BESIDE.join(", ")}: nothing, stress-ng on one processor, whatever its users do; default: quiet, stress
  --state FOLDER    keeps the runs; default bench/calibration/recorded (of blocks: .tailgate/calibration)

load-study measures what a load of auto, and of 0.5, 0.35 and 0.2 of the throughput in its blocks, costs in noise and minutes:
  --runs, --budget, --subjects, --state.
endpoints measures how long unchanged code with 1, 3 and 10 endpoints takes to a verdict: --runs (default 3), --budget, --state,
  --numbers 1,3,10, --service fastify (or axum).`;

const { values: options, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    runs: { type: "string" },
    cli: { type: "string", default: CLI },
    fresh: { type: "boolean", default: false },
    hours: { type: "string", default: "8" },
    budget: { type: "string", default: "5m" },
    subjects: { type: "string", default: "" },
    changes: { type: "string", default: "" },
    beside: { type: "string", default: "quiet,stress" },
    since: { type: "string", default: "" },
    state: { type: "string" },
    numbers: { type: "string", default: "1,3,10" },
    service: { type: "string", default: "fastify" },
    help: { type: "boolean", default: false },
  },
});
const name = positionals[0] ?? "";
const subject = SUBJECTS[name];
// A line for each run is kept in the repository. Blocks are large, and no version but their own can judge them for long.
const runsFolder = resolve(options.state ?? join(PROJECT_ROOT, "bench", "calibration", "recorded"));
const blocksFolder = resolve(options.state ?? join(PROJECT_ROOT, ".tailgate", "calibration"));
const scratch = join(PROJECT_ROOT, ".tailgate", "series");
endOnSignals();
if (name === "load-study" && !options.help) {
  process.exitCode = await loadStudy({
    cli: resolve(options.cli),
    ...{ state: blocksFolder, scratch },
    subjects: listed(options.subjects),
    budget: options.budget,
    runs: options.runs ?? "1",
  });
} else if (name === "series" && !options.help) {
  process.exitCode = await series({
    cli: resolve(options.cli),
    ...{ state: runsFolder, scratch },
    subjects: listed(options.subjects),
    changes: listed(options.changes),
    beside: listed(options.beside),
    budget: options.budget,
    hours: Number(options.hours),
    runs: Number(options.runs ?? 100),
    since: options.since,
  });
} else if (name === "endpoints" && !options.help) {
  process.exitCode = await endpoints({
    cli: resolve(options.cli),
    ...{ state: runsFolder, scratch },
    service: options.service,
    numbers: listed(options.numbers).map(Number),
    budget: options.budget,
    runs: Number(options.runs ?? 3),
  });
} else if (options.help || subject === undefined) {
  console.error(USAGE);
  process.exitCode = options.help ? 0 : 2;
} else {
  const repository = branchedRepository(subject.base, subject.changes);
  const database = subject.needsDatabase ? await openDatabase(process.env) : null;
  try {
    const changes = Object.keys(subject.changes).map((change) => `${change}=${change}`);
    process.exitCode =
      (await startChild(
        [
          ...[options.cli, "calibrate", "--base", "main", "--runs", options.runs ?? "5"],
          ...changes.flatMap((change) => ["--change", change]),
          ...["--out", join(blocksFolder, name)],
          ...(options.fresh ? ["--fresh"] : []),
        ],
        {
          cwd: repository.folder,
          env: { ...process.env, ...(database === null ? {} : { DATABASE_URL: database.url }) },
          stdio: "inherit",
        },
      ).ended) ?? 1;
  } finally {
    await database?.stop();
    repository.remove();
  }
}

function listed(names: string): string[] {
  return names.split(",").filter((one) => one !== "");
}
