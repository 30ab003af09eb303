import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { parse, stringify } from "yaml";
import type { Calibration } from "../../src/calibration/calibration.js";
import { startChild } from "../stacks/child.js";
import { openDatabase } from "../stacks/database.js";
import { stacksNamed } from "../stacks/stack.js";
import { repositoryOf } from "./series/places.js";
import { type Studied, studyTables } from "./study-table.js";

/** Two copies, as a run has two arms: blocks are short, and a pair's copies near each other in time. */
const COPIES = 2;
/** Shares of capacity at which the load may stand. */
const SHARES = [0.2, 0.35, 0.5] as const;

/** What `npm run calibration -- load-study` was asked for. */
interface StudyOptions {
  readonly cli: string;
  readonly state: string;
  readonly scratch: string;
  readonly subjects: readonly string[];
  readonly budget: string;
  readonly runs: string;
}

/**
 * Where the load should stand: the same service, unchanged and slower by 5 and 10 %, in real blocks at shares of its
 * capacity. Prints what each share costs in noise and in minutes. Blocks are kept, and go on another day.
 */
export async function loadStudy(options: StudyOptions): Promise<number> {
  const database = await openDatabase(process.env);
  const studies: Studied[] = [];
  try {
    for (const subject of options.subjects.length === 0 ? ["fastify"] : options.subjects) {
      let halfPerSecond: number | null = null;
      // Half of the capacity first: it says what the other shares are.
      for (const share of SHARES.toReversed()) {
        const rate: number | "auto" = halfPerSecond === null ? "auto" : (halfPerSecond * share) / 0.5;
        const found = await studied(subject, share, rate, database.url, options);
        halfPerSecond ??= found.ratePerSecond;
        studies.push(found);
        console.error(`\n${studyTables(studies)}\n`);
      }
    }
  } finally {
    await database.stop();
  }
  console.log(studyTables(studies));
  return 0;
}

async function studied(
  subject: string,
  share: number,
  rate: number | "auto",
  databaseUrl: string,
  { cli, state, scratch, budget, runs }: StudyOptions,
): Promise<Studied> {
  const repository = repositoryOf(stacksNamed([subject])[0]!, (folder) => {
    const file = join(folder, "tailgate.yml");
    const content = parse(readFileSync(file, "utf8")) as { load?: object };
    writeFileSync(file, stringify({ ...content, load: { ...content.load, rate: rounded(rate) } }));
  });
  const out = join(state, "load-study", subject, String(share));
  mkdirSync(out, { recursive: true });
  try {
    const { child, ended } = startChild(
      [
        ...[cli, "calibrate", "--base", "main", "--runs", runs, "--budget", budget, "--json", "--out", out],
        ...["--copies", String(COPIES)],
        ...["five-percent", "ten-percent"].flatMap((change) => ["--change", `${change}=${change}`]),
      ],
      {
        cwd: repository.folder,
        env: {
          TAILGATE_BUILD_CACHE: join(scratch, "builds"),
          ...process.env,
          DATABASE_URL: databaseUrl,
        },
        stdio: ["ignore", "pipe", "inherit"],
      },
    );
    let text = "";
    child.stdout!.setEncoding("utf8").on("data", (part: string) => (text += part));
    const code = await ended;
    const record = join(out, "calibration.json");
    if (code !== 0 || !existsSync(record)) throw new Error(`calibrate ended with ${code}`);
    const { schedule } = JSON.parse(readFileSync(record, "utf8")) as {
      schedule: { loads: { ratePerSecond: number; requests: number }[] };
    };
    const { ratePerSecond, requests } = schedule.loads[0]!;
    return {
      ...{ subject, share, ratePerSecond, requests },
      calibration: JSON.parse(text) as Calibration,
    };
  } finally {
    repository.remove();
  }
}

function rounded(rate: number | "auto"): number | "auto" {
  return rate === "auto" ? rate : Math.max(1, Math.round(rate));
}
