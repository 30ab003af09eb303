import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { parse, stringify } from "yaml";
import type { CalibrationRecord } from "../../src/calibration/record.js";
import type { Calibration } from "../../src/calibration/calibration.js";
import type { Block } from "../../src/model/block.js";
import { median } from "../../src/stats/quantile.js";
import { startChild } from "../stacks/child.js";
import { openDatabase } from "../stacks/database.js";
import type { BranchedRepository } from "../stacks/repository.js";
import { stacksNamed } from "../stacks/stack.js";
import { repositoryOf } from "./series/places.js";
import { readLines } from "./series/record.js";
import { type Studied, studyTables } from "./study-table.js";

/** Two copies, as a run has two arms: blocks are short, and a pair's copies near each other in time. */
const COPIES = 2;
/** Shares of the throughput that blocks reach, at which the load may stand. */
const SHARES = [0.5, 0.35, 0.2] as const;
/** A share that `auto` comes so near to needs no blocks of its own. */
const SAME_SHARE = 0.05;

/** Limits that users would choose for tails, and green waits for them. */
const PROVED_TAILS = { p90: { limit: "10%", proof: true }, p95: { limit: "15%", proof: true } };

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
 * Where the load should stand: the same service, unchanged and slower by 5 and 10 %, in real blocks at the rate of `auto`
 * and at shares of the throughput that those reach. Prints what each costs in noise and in minutes. Blocks are kept, and go
 * on another day.
 */
export async function loadStudy(options: StudyOptions): Promise<number> {
  const database = await openDatabase(process.env);
  const studies: Studied[] = [];
  try {
    for (const subject of options.subjects.length === 0 ? ["fastify"] : options.subjects) {
      const study = async (name: string, rate: number | "auto"): Promise<Studied> => {
        const found = await studied(subject, name, rate, database.url, options);
        studies.push(found);
        console.error(`\n${studyTables(studies)}\n`);
        return found;
      };
      const { ratePerSecond, throughputPerSecond } = await study("auto", "auto");
      const others = SHARES.filter(
        (share) => Math.abs(share - ratePerSecond / throughputPerSecond) > SAME_SHARE,
      );
      for (const share of others) await study(String(share), rounded(share * throughputPerSecond));
    }
  } finally {
    await database.stop();
  }
  console.log(studyTables(studies));
  return 0;
}

async function studied(
  subject: string,
  name: string,
  rate: number | "auto",
  databaseUrl: string,
  options: StudyOptions,
): Promise<Studied> {
  const repository = repositoryOf(stacksNamed([subject])[0]!, (folder) => {
    const file = join(folder, "tailgate.yml");
    const content = parse(readFileSync(file, "utf8")) as { load?: object };
    writeFileSync(file, stringify({ ...content, load: { ...content.load, rate } }));
  });
  const out = join(options.state, "load-study", subject, name);
  mkdirSync(out, { recursive: true });
  try {
    const calibration = await calibrated(repository, out, databaseUrl, options);
    const tails = join(out, "tails.yml");
    const content = parse(readFileSync(join(repository.folder, "tailgate.yml"), "utf8")) as object;
    writeFileSync(tails, stringify({ ...content, gates: PROVED_TAILS }));
    const withTails = await calibrated(repository, out, databaseUrl, options, ["--config", tails]);
    const { schedule } = JSON.parse(readFileSync(join(out, "calibration.json"), "utf8")) as CalibrationRecord;
    const { scenario, ratePerSecond, requests } = schedule.loads[0]!;
    const blocks = readLines<Block>(join(out, "calibration-blocks.ndjson"));
    const throughputs = blocks.flatMap(
      ({ arms }) => arms["copy-1"]?.scenarios[scenario]?.throughputPerSecond ?? [],
    );
    return {
      ...{ subject, name, ratePerSecond, requests, throughputPerSecond: median(throughputs) },
      ...{ calibration, provedTails: withTails.unchanged.resampled },
    };
  } finally {
    repository.remove();
  }
}

/** Measures what is missing, and judges what is kept. */
async function calibrated(
  { folder }: BranchedRepository,
  out: string,
  databaseUrl: string,
  { cli, scratch, budget, runs }: StudyOptions,
  more: readonly string[] = [],
): Promise<Calibration> {
  const { child, ended } = startChild(
    [
      ...[cli, "calibrate", "--base", "main", "--runs", runs, "--budget", budget, "--json", "--out", out],
      ...["--copies", String(COPIES), ...more],
      ...["five-percent", "ten-percent"].flatMap((change) => ["--change", `${change}=${change}`]),
    ],
    {
      cwd: folder,
      env: { TAILGATE_BUILD_CACHE: join(scratch, "builds"), ...process.env, DATABASE_URL: databaseUrl },
      stdio: ["ignore", "pipe", "inherit"],
    },
  );
  let text = "";
  child.stdout!.setEncoding("utf8").on("data", (part: string) => (text += part));
  const code = await ended;
  if (code !== 0) throw new Error(`calibrate ended with ${code}`);
  return JSON.parse(text) as Calibration;
}

/** As a configuration takes it. */
function rounded(ratePerSecond: number): number {
  return Math.max(1, Math.round(ratePerSecond));
}
