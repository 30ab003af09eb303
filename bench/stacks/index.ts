import { existsSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { parseArgs } from "node:util";
import { stringify } from "yaml";
import type { Result } from "../../src/model/result.js";
import { parseResultText } from "../../src/model/parse-result.js";
import { stackMarkdown } from "../../src/reporters/markdown/stack-markdown.js";
import { stackTables } from "../../src/reporters/text/stack-table.js";
import { type Agreement, agreementOn, agreementTable } from "./agreement.js";
import { endOnSignals } from "./child.js";
import { type StackLoad, stacksConfiguration, twiceConfiguration } from "./configuration.js";
import { copyExample } from "./copy-example.js";
import { openDatabase } from "./database.js";
import { namesIn } from "./names.js";
import { TRAP_RATE_PER_SECOND, wrongWithRefusal } from "./overload-trap.js";
import { PROJECT_ROOT } from "./project-root.js";
import { REFUSALS, wrongWithStart } from "./refusals.js";
import { type Stack, exampleOf, stacksNamed } from "./stack.js";
import { CLI, runTailgate } from "./tailgate.js";
import { presenceOf } from "./toolchain.js";

/*
 * The stacks of examples/ compared with one another in one run of Tailgate, on one PostgreSQL.
 */

const USAGE = `usage: npm run stacks -- [options]

  --only NAMES        stacks, with commas between; default: all of examples/
  --baseline NAME     the stack that the others are compared with; default: the first
  --budget TIME       of measuring; default 10m
  --connections N     default 10
  --connection KIND   keep-alive (default) or new: one for each request
  --rate R            requests/s for all; default auto: half of what the slowest can serve
  --seed N            of every random choice; default 1
  --agree N           reads throughput N times with Tailgate's bursts, wrk and oha (as far as installed) in turn
  --trap              offers both FastAPIs 10,000 requests/s, and expects that this is refused
  --refuse            starts each stack on a database that is down, refuses the password or has no rows, and expects
                      that the run ends with what its own log says
  --out FOLDER        for the report and raw results; default .tailgate/stacks
  --cli FILE          the command under test; default dist/cli.js

Starts PostgreSQL, unless DATABASE_URL names one. A stack whose toolchain is missing is skipped.
Exit codes: 0 all were measured, 1 some were skipped, 2 no result.`;

const { values: options } = parseArgs({
  options: {
    only: { type: "string", default: "" },
    baseline: { type: "string" },
    budget: { type: "string", default: "10m" },
    connections: { type: "string", default: "10" },
    connection: { type: "string", default: "keep-alive" },
    rate: { type: "string", default: "auto" },
    seed: { type: "string", default: "1" },
    agree: { type: "string" },
    trap: { type: "boolean", default: false },
    refuse: { type: "boolean", default: false },
    out: { type: "string", default: join(PROJECT_ROOT, ".tailgate", "stacks") },
    cli: { type: "string", default: CLI },
    help: { type: "boolean", default: false },
  },
});
if (options.help) console.log(USAGE);
else process.exitCode = await main();

async function main(): Promise<number> {
  endOnSignals();
  const wanted = options.trap && options.only === "" ? "fastapi,fastapi-async" : options.only;
  const names = namesIn(wanted);
  const { present, skipped } = sorted(stacksNamed(names));
  const out = resolve(options.out);
  let code = 2;
  if (present.length > 0) {
    const database = await openDatabase(process.env);
    try {
      const ways = { agree: options.agree !== undefined, trap: options.trap, refuse: options.refuse };
      const way = ways.agree ? agree : ways.trap ? trap : ways.refuse ? refuse : compare;
      code = await way(present, out, database.url);
    } finally {
      await database.stop();
    }
  }
  for (const line of skipped) console.log(line);
  return code === 0 && skipped.length > 0 ? 1 : code;
}

/** Which stacks can be built here; of the others, a line that says what they lack. */
function sorted(stacks: readonly Stack[]): {
  readonly present: readonly Stack[];
  readonly skipped: readonly string[];
} {
  const present: Stack[] = [];
  const skipped: string[] = [];
  for (const stack of stacks) {
    const presence = presenceOf(stack.toolchain, process.env);
    if (presence.found) present.push(stack);
    else skipped.push(`${stack.name}: skipped, ${presence.because}`);
    console.error(presence.found ? `${stack.name}: ${presence.version}` : skipped.at(-1));
  }
  return { present, skipped };
}

/** Runs Tailgate on all of them, and prints its table for stacks. */
async function compare(stacks: readonly Stack[], out: string, databaseUrl: string): Promise<number> {
  const rate = options.rate === "auto" ? "auto" : Number(options.rate);
  const result = await measured(stacks, configurationOf(stacks, rate), out, databaseUrl);
  const tables = result === null ? [] : stackTables(result);
  if (result === null || tables.length === 0) return 2;
  console.log(`\n${tables.map((table) => stackMarkdown(table, 60)).join("\n\n")}\n`);
  for (const { name, buildMs } of result.arms)
    console.log(`${name}: built in ${((buildMs ?? 0) / 1000).toFixed(1)} s`);
  return 0;
}

/** Throughput as other tools read it. */
async function agree(stacks: readonly Stack[], _out: string, databaseUrl: string): Promise<number> {
  const agreements: Agreement[] = [];
  for (const stack of stacks) {
    agreements.push(await agreementOn(stack, Number(options.agree), databaseUrl));
    console.error(agreementTable(agreements));
  }
  console.log(agreementTable(agreements));
  return 0;
}

/** A rate that a stack cannot serve has to be refused with the capacity that was found. */
async function trap(stacks: readonly Stack[], out: string, databaseUrl: string): Promise<number> {
  const configuration = configurationOf(stacks, TRAP_RATE_PER_SECOND);
  const result = await measured(stacks, configuration, out, databaseUrl);
  const wrong = result === null ? ["there is no result"] : wrongWithRefusal(result);
  console.log(wrong.length === 0 ? `Refused: ${result!.reason}` : `Not refused: ${wrong.join("; ")}`);
  return wrong.length === 0 ? 0 : 2;
}

/** A stack whose database is not as it should be does not start, and the run says so in the stack's own words. */
async function refuse(stacks: readonly Stack[], out: string, databaseUrl: string): Promise<number> {
  let code = 0;
  for (const stack of stacks) {
    for (const [index, { when, databaseUrl: broken, words }] of REFUSALS.entries()) {
      const configuration = twiceConfiguration(stack, loadAt("auto"), { isBuilt: index > 0 });
      const result = await measured([stack], configuration, out, await broken(databaseUrl));
      const wrong = result === null ? ["there is no result"] : wrongWithStart(result, words);
      console.log(`${stack.name}, ${when}: ${wrong.length === 0 ? "refused" : wrong.join("; ")}`);
      if (wrong.length > 0) code = 2;
    }
  }
  return code;
}

function loadAt(rate: StackLoad["rate"]): StackLoad {
  const connection = options.connection === "new" ? "new" : "keep-alive";
  return { connections: Number(options.connections), connection, rate };
}

function configurationOf(stacks: readonly Stack[], rate: StackLoad["rate"]): object {
  return stacksConfiguration(stacks, options.baseline ?? stacks[0]!.name, loadAt(rate));
}

/** One run of Tailgate on copies of the examples; builds of an earlier one are kept. `null`: it gave no result. */
async function measured(
  stacks: readonly Stack[],
  configuration: object,
  out: string,
  databaseUrl: string,
): Promise<Result | null> {
  const folder = join(out, "work");
  for (const stack of stacks) copyExample(exampleOf(stack), join(folder, stack.name));
  writeFileSync(join(folder, "tailgate.yml"), stringify(configuration));
  const file = join(out, "result.json");
  rmSync(file, { force: true });
  await runTailgate({
    cli: resolve(options.cli),
    arguments: ["--budget", options.budget, "--seed", options.seed, "--out", out],
    cwd: folder,
    environment: { ...process.env, DATABASE_URL: databaseUrl },
  });
  return existsSync(file) ? parseResultText(readFileSync(file, "utf8")) : null;
}
