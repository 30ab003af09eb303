import { type ChildProcess, spawn, spawnSync } from "node:child_process";
import { randomInt } from "node:crypto";
import { existsSync, readFileSync, rmSync } from "node:fs";
import { join } from "node:path";
import { parseResultText } from "../../../src/model/parse-result.js";
import { openDatabase } from "../../stacks/database.js";
import type { BranchedRepository } from "../../stacks/repository.js";
import { stacksNamed } from "../../stacks/stack.js";
import { PROJECT_ROOT } from "../../stacks/project-root.js";
import { runTailgate } from "../../stacks/tailgate.js";
import { presenceOf } from "../../stacks/toolchain.js";
import { BESIDE, CHANGES, repositoryOf, SUBJECTS, type Beside, type Place } from "./places.js";
import { keepLine, readLines, recordOf, type RunRecord } from "./record.js";
import { isAt, seriesTable } from "./table.js";

/** What `npm run calibration -- series` was asked for. */
export interface SeriesOptions {
  readonly cli: string;
  /** Folder that keeps every run, so that a series goes on over days. */
  readonly state: string;
  /** Folder of what can be made again: builds, and the reports of the last run. */
  readonly scratch: string;
  readonly subjects: readonly string[];
  readonly changes: readonly string[];
  readonly beside: readonly string[];
  readonly budget: string;
  /** No run begins after so many hours. */
  readonly hours: number;
  /** No run begins once each kind has so many. */
  readonly runs: number;
  /** Day or instant (ISO 8601, UTC); runs that began earlier count for nothing. Empty: all count. */
  readonly since: string;
}

/** Real runs in turn: whichever kind has the fewest so far is next. Ends with the table of all runs that the state holds. */
export async function series(options: SeriesOptions): Promise<number> {
  const file = join(options.state, "runs.ndjson");
  const places = placesOf(options);
  const records = readLines<RunRecord>(file).filter(({ startedAt }) => startedAt >= options.since);
  const startedMs = performance.now();
  const repositories = new Map<string, BranchedRepository>();
  const database = await openDatabase(process.env);
  try {
    for (;;) {
      const place = next(places, records);
      const isOver = performance.now() - startedMs > options.hours * 3_600_000;
      if (isOver || countAt(place, records) >= options.runs) break;
      const repository = repositories.get(place.subject) ?? repositoryOf(stacksNamed([place.subject])[0]!);
      repositories.set(place.subject, repository);
      const record = await carriedOut(place, countAt(place, records), repository, database.url, options);
      records.push(record);
      keepLine(file, record);
      console.error(`\n${seriesTable(places, records)}\n`);
    }
  } finally {
    await database.stop();
    for (const repository of repositories.values()) repository.remove();
  }
  console.log(seriesTable(places, records));
  return records.some(({ change, verdict }) => change === "unchanged" && verdict === "regression") ? 1 : 0;
}

/** @throws Error for a name that is not known, and where nothing that was asked for can be run here */
function placesOf(options: SeriesOptions): readonly Place[] {
  const subjects = named(options.subjects, SUBJECTS).filter((subject) => {
    const presence = presenceOf(stacksNamed([subject])[0]!.toolchain, process.env);
    if (!presence.found) console.error(`${subject}: skipped, ${presence.because}`);
    return presence.found;
  });
  const beside = named(options.beside, BESIDE).filter((what) => what !== "stress" || hasStress());
  const changes = named(options.changes, CHANGES);
  const places = beside.flatMap((what) =>
    subjects.flatMap((subject) => changes.map((change) => ({ subject, change, beside: what }))),
  );
  if (places.length === 0) throw new Error("nothing of what was asked for can be run on this machine");
  return places;
}

function named<Name extends string>(wanted: readonly string[], known: readonly Name[]): readonly Name[] {
  const unknown = wanted.find((name) => !known.some((one) => one === name));
  if (unknown !== undefined) throw new Error(`there is no ${unknown}; there are ${known.join(", ")}`);
  return wanted.length === 0 ? known : known.filter((name) => wanted.includes(name));
}

function hasStress(): boolean {
  if (spawnSync("stress-ng", ["--version"]).status === 0) return true;
  console.error("stress: skipped, stress-ng is missing; install it with `apt-get install stress-ng`");
  return false;
}

function countAt(place: Place, records: readonly RunRecord[]): number {
  return records.filter((record) => isAt(record, place)).length;
}

function next(places: readonly Place[], records: readonly RunRecord[]): Place {
  return places.reduce((fewest, place) =>
    countAt(place, records) < countAt(fewest, records) ? place : fewest,
  );
}

async function carriedOut(
  place: Place,
  run: number,
  repository: BranchedRepository,
  databaseUrl: string,
  { cli, scratch, budget }: SeriesOptions,
): Promise<RunRecord> {
  const out = join(scratch, "last");
  // Series that run side by side must not draw the same orders: two runs in step would hit the same arms.
  const seed = randomInt(2 ** 32);
  rmSync(out, { recursive: true, force: true });
  console.error(`\n## ${place.subject}, ${place.change}, ${place.beside}: run ${run + 1}`);
  const stress = stressBeside(place.beside);
  try {
    const code = await runTailgate({
      cli,
      arguments: [
        ...["--base", repository.commitOf("main"), "--head", repository.commitOf(place.change)],
        ...["--budget", budget, "--seed", String(seed), "--out", out],
        ...["--explain", "never"],
      ],
      cwd: repository.folder,
      environment: {
        TAILGATE_BUILD_CACHE: join(scratch, "builds"),
        ...process.env,
        DATABASE_URL: databaseUrl,
      },
    });
    const file = join(out, "result.json");
    if (!existsSync(file)) throw new Error(`no result; tailgate ended with ${code}`);
    return recordOf(place, parseResultText(readFileSync(file, "utf8")), code, ownCommit());
  } finally {
    stress?.kill("SIGINT");
  }
}

/** A neighbour that keeps one processor busy. */
function stressBeside(beside: Beside): ChildProcess | null {
  if (beside !== "stress") return null;
  const child = spawn("stress-ng", ["--cpu", "1", "--quiet"], { stdio: "ignore" });
  process.once("exit", () => child.kill("SIGINT"));
  return child;
}

function ownCommit(): string {
  const found = spawnSync("git", ["describe", "--always", "--dirty"], {
    cwd: PROJECT_ROOT,
    encoding: "utf8",
  });
  return found.stdout.trim() || "unknown";
}
