import { existsSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { parse, stringify } from "yaml";
import { parseResultText } from "../../src/model/parse-result.js";
import { median } from "../../src/stats/quantile.js";
import { formatDuration } from "../../src/text/format-quantity.js";
import { openDatabase } from "../stacks/database.js";
import { branchedRepository, type BranchedRepository } from "../stacks/repository.js";
import { runTailgate } from "../stacks/tailgate.js";
import { SUBJECTS } from "./subjects.js";
import { keepLine, readLines } from "./series/record.js";

/** What `npm run calibration -- endpoints` was asked for. */
interface EndpointsOptions {
  readonly cli: string;
  /** Folder that keeps every run. */
  readonly state: string;
  readonly scratch: string;
  /** How many endpoints a run has, one kind of run each. */
  readonly numbers: readonly number[];
  readonly budget: string;
  /** Of each kind. */
  readonly runs: number;
}

interface EndpointsRun {
  readonly endpoints: number;
  readonly startedAt: string;
  readonly verdict: string;
  readonly reason: string;
  readonly blocks: number;
  /** Pilot and blocks: what the budget counts. */
  readonly measuringMs: number;
  /** From the command to its end, builds included. */
  readonly wholeMs: number;
}

/** Of a page that the smallest endpoint gives; the n-th gives n times as many. */
const ROWS = 10;

/**
 * Minutes to a verdict on unchanged code: one service of the Fastify example, measured at one endpoint and at several,
 * of which the n-th gives n times as many rows. Kinds of runs take turns, so that a slow hour meets all of them.
 */
export async function endpoints(options: EndpointsOptions): Promise<number> {
  const file = join(options.state, "endpoints.ndjson");
  const kept = readLines<EndpointsRun>(file);
  const database = await openDatabase(process.env);
  const repositories = new Map(options.numbers.map((number) => [number, repositoryWith(number)]));
  try {
    for (let run = 0; run < options.runs; run++) {
      for (const [number, repository] of repositories) {
        if (kept.filter((one) => one.endpoints === number).length > run) continue;
        const record = await measured(number, run, repository, database.url, options);
        kept.push(record);
        keepLine(file, record);
        console.error(`\n${tableOf(options.numbers, kept)}\n`);
      }
    }
  } finally {
    await database.stop();
    for (const repository of repositories.values()) repository.remove();
  }
  console.log(tableOf(options.numbers, kept));
  return 0;
}

function repositoryWith(number: number): BranchedRepository {
  return branchedRepository(
    (folder) => {
      SUBJECTS["fastify"]!.base(folder);
      const server = join(folder, "server.js");
      const mark = 'app.get("/health"';
      const text = readFileSync(server, "utf8");
      if (!text.includes(mark)) throw new Error(`${server} has no line to put an endpoint before`);
      writeFileSync(server, text.replace(mark, `${PAGE}\n${mark}`));
      const config = join(folder, "tailgate.yml");
      const scenarios = Array.from({ length: number }, (_, index) => {
        const rows = ROWS * (index + 1);
        return { name: `${rows} users`, path: `/page/${rows}` };
      });
      writeFileSync(config, stringify({ ...(parse(readFileSync(config, "utf8")) as object), scenarios }));
    },
    {
      unchanged: (folder) => {
        writeFileSync(join(folder, "NOTES.md"), "Nothing that the service reads.\n");
      },
    },
  );
}

const PAGE = `app.get("/page/:rows", async (request) => {
  const { rows } = await pool.query('SELECT user_id, username, email FROM "user" ORDER BY user_id LIMIT $1', [
    request.params.rows,
  ]);
  return rows;
});
`;

async function measured(
  number: number,
  run: number,
  repository: BranchedRepository,
  databaseUrl: string,
  { cli, scratch, budget }: EndpointsOptions,
): Promise<EndpointsRun> {
  const out = join(scratch, "last");
  console.error(`\n## ${number} endpoints: run ${run + 1}`);
  const startedMs = performance.now();
  const code = await runTailgate({
    cli,
    arguments: [
      ...["--base", repository.commitOf("main"), "--head", repository.commitOf("unchanged")],
      ...["--budget", budget, "--seed", String(run + 1), "--out", out, "--explain", "never"],
    ],
    cwd: repository.folder,
    environment: { TAILGATE_BUILD_CACHE: join(scratch, "builds"), ...process.env, DATABASE_URL: databaseUrl },
  });
  const wholeMs = Math.round(performance.now() - startedMs);
  const file = join(out, "result.json");
  if (!existsSync(file)) throw new Error(`no result; tailgate ended with ${code}`);
  const result = parseResultText(readFileSync(file, "utf8"));
  rmSync(out, { recursive: true, force: true });
  return {
    endpoints: number,
    startedAt: result.startedAt,
    verdict: result.verdict,
    reason: result.reason,
    blocks: result.blocks.length,
    measuringMs: Math.round(
      result.blocks.reduce((sum, block) => sum + block.durationMs, 0) + (result.schedule?.pilotMs ?? 0),
    ),
    wholeMs,
  };
}

function tableOf(numbers: readonly number[], runs: readonly EndpointsRun[]): string {
  const middle = (number: number, of: (run: EndpointsRun) => number): number | null => {
    const own = runs.filter((run) => run.endpoints === number).map(of);
    return own.length === 0 ? null : median(own);
  };
  const one = middle(numbers[0]!, (run) => run.measuringMs);
  const rows = numbers.flatMap((number) => {
    const own = runs.filter((run) => run.endpoints === number);
    const measuring = middle(number, (run) => run.measuringMs);
    if (measuring === null) return [];
    const count = (verdict: string): number => own.filter((run) => run.verdict === verdict).length;
    const cells = [
      ...[number, own.length, count("pass"), count("regression"), count("inconclusive")],
      ...[middle(number, (run) => run.blocks)!, formatDuration(1000 * measuring)],
      formatDuration(1000 * middle(number, (run) => run.wholeMs)!),
      one === null ? "" : (measuring / one).toFixed(2),
    ];
    return [`| ${cells.join(" | ")} |`];
  });
  return [
    `| endpoints | runs | green | red | inconclusive | blocks | measuring | whole run | to ${numbers[0]} |`,
    "| ---: | ---: | ---: | ---: | ---: | ---: | ---: | ---: | ---: |",
    ...rows,
  ].join("\n");
}
