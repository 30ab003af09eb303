import { randomInt } from "node:crypto";
import { existsSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { parse, stringify } from "yaml";
import { parseResultText } from "../../src/model/parse-result.js";
import { median } from "../../src/stats/quantile.js";
import { formatDuration } from "../../src/text/format-quantity.js";
import { openDatabase } from "../stacks/database.js";
import { copyExample } from "../stacks/copy-example.js";
import { insertBefore } from "../stacks/insert-before.js";
import { PROJECT_ROOT } from "../stacks/project-root.js";
import { branchedRepository, type BranchedRepository, type Write } from "../stacks/repository.js";
import { runTailgate } from "../stacks/tailgate.js";
import { keepLine, readLines } from "./series/record.js";

/** What `npm run calibration -- endpoints` was asked for. */
interface EndpointsOptions {
  readonly cli: string;
  /** Folder that keeps every run. */
  readonly state: string;
  readonly scratch: string;
  /** Which service is measured. */
  readonly service: string;
  /** How many endpoints a run has, one kind of run each. */
  readonly numbers: readonly number[];
  readonly budget: string;
  /** Of each kind. */
  readonly runs: number;
}

interface EndpointsRun {
  /** Earlier runs are of Fastify. */
  readonly service?: string;
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

/** Examples, and how each gets endpoints that give as many rows as their path says. */
const SERVICES: Readonly<Record<string, Write>> = {
  fastify(folder) {
    insertBefore(
      join(folder, "server.js"),
      'app.get("/health"',
      `app.get("/page/:rows", async (request) => {
  const { rows } = await pool.query('SELECT user_id, username, email FROM "user" ORDER BY user_id LIMIT $1', [
    request.params.rows,
  ]);
  return rows;
});

`,
    );
  },
  axum(folder) {
    const file = join(folder, "src", "main.rs");
    insertBefore(
      file,
      "fn failed(",
      `async fn page_of_users(
    State(pool): State<PgPool>,
    axum::extract::Path(rows): axum::extract::Path<i64>,
) -> Result<Json<Vec<User>>, StatusCode> {
    let users = sqlx::query_as(r#"SELECT user_id, username, email FROM "user" ORDER BY user_id LIMIT $1"#)
        .bind(rows)
        .fetch_all(&pool)
        .await
        .map_err(failed)?;
    Ok(Json(users))
}

`,
    );
    insertBefore(file, ".with_state(pool)", '.route("/page/{rows}", get(page_of_users))');
  },
};

/**
 * Minutes to a verdict on unchanged code: one service of the examples, measured at one endpoint and at several, of which
 * the n-th gives n times as many rows. Kinds of runs take turns, so that a slow hour meets all of them.
 */
export async function endpoints(options: EndpointsOptions): Promise<number> {
  const file = join(options.state, "endpoints.ndjson");
  const addEndpoints = SERVICES[options.service];
  if (addEndpoints === undefined) {
    throw new Error(`there is no ${options.service}; there are ${Object.keys(SERVICES).join(", ")}`);
  }
  const kept = readLines<EndpointsRun>(file).filter(({ service = "fastify" }) => service === options.service);
  const database = await openDatabase(process.env);
  const repositories = new Map(
    options.numbers.map((number) => [number, repositoryWith(number, options.service, addEndpoints)]),
  );
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

function repositoryWith(number: number, service: string, addEndpoints: Write): BranchedRepository {
  return branchedRepository(
    (folder) => {
      copyExample(join(PROJECT_ROOT, "examples", service), folder);
      addEndpoints(folder);
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

async function measured(
  number: number,
  run: number,
  repository: BranchedRepository,
  databaseUrl: string,
  { cli, scratch, budget, service }: EndpointsOptions,
): Promise<EndpointsRun> {
  const out = join(scratch, "last");
  const seed = randomInt(2 ** 32);
  console.error(`\n## ${number} endpoints: run ${run + 1}`);
  const startedMs = performance.now();
  const code = await runTailgate({
    cli,
    arguments: [
      ...["--base", repository.commitOf("main"), "--head", repository.commitOf("unchanged")],
      ...["--budget", budget, "--seed", String(seed), "--out", out, "--explain", "never"],
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
    service,
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
