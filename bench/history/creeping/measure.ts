import { execFileSync } from "node:child_process";
import { copyFileSync, existsSync, mkdirSync, readFileSync, rmSync } from "node:fs";
import { join } from "node:path";
import { parseResultText } from "../../../src/model/parse-result.js";
import { openDatabase } from "../../stacks/database.js";
import { runTailgate } from "../../stacks/tailgate.js";
import { creepingRepository, MERGES, MERGES_A_WEEK, type CreepingRepository } from "./repository.js";
import { creepTable, type MeasuredRun } from "./table.js";

/** What `npm run bench:history -- repository` was asked for. */
export interface RepositoryOptions {
  readonly cli: string;
  /** The repository and every result; the same folder goes on where it stopped. */
  readonly state: string;
  readonly mergeBudget: string;
  readonly weekBudget: string;
  /** How many runs are made now, beside those that are kept already. */
  readonly runs: number;
}

interface Planned {
  readonly week: number;
  /** Number of the merge that is head. */
  readonly merge: number;
  readonly base: "the merge before" | "last-release";
}

/**
 * Ten weeks of a branch in real runs: each merge against the one before, and each week the branch against its release. Every
 * run is stored in the repository's history.
 */
export async function measureRepository(options: RepositoryOptions): Promise<number> {
  const repository = creepingRepository(join(options.state, "repository"));
  const database = await openDatabase(process.env);
  const runs: MeasuredRun[] = [];
  let left = options.runs;
  try {
    for (const planned of weeksOf(MERGES / MERGES_A_WEEK)) {
      const kept = keptAs(planned, repository, options.state);
      if (!existsSync(kept)) {
        if (left-- <= 0) break;
        await measure(planned, kept, repository, database.url, options);
      }
      const { week, base } = planned;
      const result = parseResultText(readFileSync(kept, "utf8"));
      runs.push({ week, weekly: base === "last-release", result });
      console.error(`\n${creepTable(runs, repository.commits)}\n`);
    }
  } finally {
    await database.stop();
  }
  console.log(creepTable(runs, repository.commits));
  return 0;
}

function weeksOf(weeks: number): Planned[] {
  return Array.from({ length: weeks }, (_, index) => index + 1).flatMap((week) => [
    ...Array.from({ length: MERGES_A_WEEK }, (_, day): Planned => ({
      week,
      merge: (week - 1) * MERGES_A_WEEK + day + 1,
      base: "the merge before",
    })),
    { week, merge: week * MERGES_A_WEEK, base: "last-release" as const },
  ]);
}

function nameOf({ week, merge, base }: Planned): string {
  return base === "last-release" ? `week-${week}` : `merge-${merge}`;
}

/** Where its result is kept. Of another repository, a result of the same week is another one. */
function keptAs(planned: Planned, { commits }: CreepingRepository, state: string): string {
  return join(state, "results", `${nameOf(planned)}-${commits[planned.merge]!.slice(0, 10)}.json`);
}

async function measure(
  planned: Planned,
  kept: string,
  repository: CreepingRepository,
  databaseUrl: string,
  { cli, state, mergeBudget, weekBudget }: RepositoryOptions,
): Promise<void> {
  const { merge, base } = planned;
  const weekly = base === "last-release";
  const file = await withNumbers(nameOf(planned), async () => {
    const out = join(state, "last");
    rmSync(out, { recursive: true, force: true });
    await runTailgate({
      cli,
      arguments: [
        ...["--base", weekly ? base : repository.commits[merge - 1]!, "--head", repository.commits[merge]!],
        ...["--budget", weekly ? weekBudget : mergeBudget, "--seed", String(merge), "--out", out],
        ...["--explain", "never"],
      ],
      cwd: repository.folder,
      environment: {
        TAILGATE_BUILD_CACHE: join(state, "builds"),
        ...process.env,
        DATABASE_URL: databaseUrl,
      },
    });
    return join(out, "result.json");
  });
  // Appending twice adds nothing, so that an end between the two steps loses and doubles no line.
  execFileSync(process.execPath, [cli, "history", "append", file], {
    cwd: repository.folder,
    stdio: "inherit",
  });
  mkdirSync(join(state, "results"), { recursive: true });
  copyFileSync(file, kept);
}

const MOST_TRIES = 5;

/** A run that the machine was too busy for is made again, as somebody would do it by hand; its numbers decide nothing. */
async function withNumbers(name: string, run: () => Promise<string>): Promise<string> {
  for (let attempt = 1; ; attempt++) {
    console.error(`\n## ${name}`);
    const file = await run();
    if (!existsSync(file)) throw new Error("tailgate wrote no result");
    const { verdict, reason } = parseResultText(readFileSync(file, "utf8"));
    if (verdict !== "invalid" && verdict !== "no-baseline") return file;
    if (attempt === MOST_TRIES) throw new Error(`${verdict} ${MOST_TRIES} times: ${reason}`);
  }
}
