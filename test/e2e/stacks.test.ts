import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type TestContext, afterAll, beforeAll, describe, expect, test } from "vitest";
import { stringify } from "yaml";
import { type StackLoad, stacksConfiguration } from "../../bench/stacks/configuration.js";
import { copyExample } from "../../bench/stacks/copy-example.js";
import { TRAP_RATE_PER_SECOND, wrongWithRefusal } from "../../bench/stacks/overload-trap.js";
import { type Stack, STACKS, exampleOf } from "../../bench/stacks/stack.js";
import { presenceOf } from "../../bench/stacks/toolchain.js";
import type { Result } from "../../src/model/result.js";
import { parseResultText } from "../../src/model/parse-result.js";
import { bundles } from "../parts/bundles.js";
import { createDatabase, fillTables, query } from "../parts/database.js";
import { markedProcesses, runFolders } from "./parts/leftovers.js";
import { type Ended, ended, plainEnvironment } from "./parts/spawned.js";

/*
 * One stack of each language, built and compared in one run of the command on a real PostgreSQL; then what each says
 * when that is not as it should be. The other stacks are measured by `npm run stacks`.
 */

const stacks = ["fastapi-async", "axum", "fastify"].map((name) => STACKS.find((one) => one.name === name)!);
const presences = stacks.map((stack) => ({ stack, presence: presenceOf(stack.toolchain, process.env) }));
const here = presences.filter(({ presence }) => presence.found).map(({ stack }) => stack);

let folder: string;
let database: string;
let databases = 0;

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), "e2e-stacks-"));
  for (const stack of here) copyExample(exampleOf(stack), join(folder, stack.name));
  database = await createDatabase("stacks");
  await fillTables(database);
});
afterAll(() => {
  rmSync(folder, { recursive: true, force: true });
});

interface Run extends Ended {
  readonly result: Result;
  readonly report: string;
}

/** How fast the stacks are is not asked here, and optimising takes Rust's compiler longer than all else. */
const QUICK_BUILD = { CARGO_PROFILE_RELEASE_OPT_LEVEL: "0", CARGO_PROFILE_RELEASE_CODEGEN_UNITS: "256" };

type Configuration = Readonly<Record<string, unknown>>;

/** `tailgate run` beside a tailgate.yml with this content. */
async function tailgate(configuration: Configuration, databaseUrl = database): Promise<Run> {
  const out = join(folder, "out");
  writeFileSync(join(folder, "tailgate.yml"), stringify(configuration));
  const run = await ended(
    process.execPath,
    [join(bundles(), "cli.js"), "run", "--budget", "2m", "--seed", "7", "--out", out],
    {
      cwd: folder,
      env: { ...plainEnvironment(), ...QUICK_BUILD, RUNNER_TEMP: folder, DATABASE_URL: databaseUrl },
    },
  );
  expect(existsSync(join(out, "result.json")), run.stderr).toBe(true);
  return {
    ...run,
    result: parseResultText(readFileSync(join(out, "result.json"), "utf8")),
    report: readFileSync(join(out, "report.md"), "utf8"),
  };
}

/** The same arms without their builds, which the run of all of them has left in their folders. */
function asBuilt(configuration: Configuration): Configuration {
  const arms = Object.entries(configuration["arms"] as Record<string, object>);
  return {
    ...configuration,
    arms: Object.fromEntries(arms.map(([name, service]) => [name, { ...service, build: undefined }])),
  };
}

const LOAD: StackLoad = { connections: 10, connection: "keep-alive", rate: "auto" };

/** A stack that cannot be built is left out with its reason; where everything is tested it has to be there. */
function requireToolchain(context: TestContext, stack: Stack): void {
  const { presence } = presences.find((one) => one.stack === stack)!;
  if (presence.found) return;
  if (process.env["CI"] !== undefined) throw new Error(`${stack.name}: ${presence.because}`);
  context.skip(presence.because);
}

/** A database in which the table is there and has no rows. */
async function withoutRows(): Promise<string> {
  const url = await createDatabase(`without-rows-${++databases}`);
  await query(
    url,
    'CREATE TABLE "user" (user_id TEXT PRIMARY KEY, username TEXT NOT NULL, email TEXT NOT NULL)',
  );
  return url;
}

function urlWith(change: (parts: URL) => void): string {
  const parts = new URL(database);
  change(parts);
  return parts.href;
}

const byName = stacks.map((stack) => ({ name: stack.name, stack }));

// A comparison takes two.
describe.skipIf(here.length < 2 && process.env["CI"] === undefined)("stacks of three languages", () => {
  describe("compared in one run", () => {
    let run: Run;
    beforeAll(async () => {
      const configuration = stacksConfiguration(here, here[0]!.name, LOAD);
      const load = { ...(configuration["load"] as object), requests: 50, warmup: 50 };
      run = await tailgate({ ...configuration, load });
      console.log(
        run.stderr,
        run.result.arms.map((a) => [a.name, a.buildMs]),
      );
    }, 900_000);

    test.for(byName)("$name is built, started and measured in every block", ({ stack }, context) => {
      requireToolchain(context, stack);
      const arm = run.result.arms.find(({ name }) => name === stack.name);
      expect(arm?.buildMs).toBeGreaterThan(0);
      expect(run.result.blocks.length).toBeGreaterThanOrEqual(6);
      for (const block of run.result.blocks) {
        const seen = block.arms[stack.name]!.scenarios["list users"]!;
        expect(seen.throughputPerSecond).toBeGreaterThan(0);
        expect(seen.cpuShareOfCoreAtCapacity).toBeGreaterThan(0);
        expect(seen.latencyUs!.p999).toBeGreaterThanOrEqual(seen.latencyUs!.p50);
        expect(seen.errors).toEqual({ status: 0, timeout: 0, connection: 0, body: 0 });
        // A hundred rows, about 10 kB: every stack answers the same.
        expect(seen.bytesPerResponse).toBeGreaterThan(8_000);
        expect(seen.bytesPerResponse).toBeLessThan(12_000);
      }
    });

    test("all of them get one rate: half of what the slowest can serve", () => {
      const [load] = run.result.schedule!.loads;
      const slowest = Math.min(...Object.values(load!.capacityPerSecond).map(Number));
      expect(Object.keys(load!.capacityPerSecond)).toEqual(here.map(({ name }) => name));
      expect(Math.abs(load!.ratePerSecond - slowest / 2)).toBeLessThan(1);
    });

    test("stand side by side in the report and in the terminal, without a verdict on anybody", () => {
      for (const label of ["throughput", "p50", "p99", "p99.9", "peak memory", "peak CPU of a core"]) {
        expect(run.report).toMatch(new RegExp(`^\\| ${label} \\|.* \\d`, "m"));
        expect(run.stderr).toMatch(new RegExp(`^${label} +.*\\d`, "m"));
      }
      expect(run.report).toMatch(/… times <code>.*<\/code> \| 1 \| \d[\d.,]* \[\d/);
      expect(run.code).toBe(0);
    });

    test("leave nothing behind", () => {
      expect(markedProcesses(folder)).toEqual([]);
      expect(runFolders(folder)).toEqual([]);
    });
  });

  describe.for(byName)("$name", ({ stack }) => {
    // What is asked here is what its own log says, so twice the same stack will do.
    const twice = (): Configuration => {
      const { arms, ...configuration } = asBuilt(stacksConfiguration([stack], stack.name, LOAD));
      const { [stack.name]: service } = arms as Record<string, object>;
      return { ...configuration, arms: { one: service, other: service }, baseline: "one" };
    };

    test.for<[string, () => string | Promise<string>, RegExp]>([
      ["PostgreSQL is down", () => urlWith((url) => (url.port = "1")), /refused|connect call failed/i],
      [
        "the password is wrong",
        () => urlWith((url) => (url.password = "wrong")),
        /password authentication failed/i,
      ],
      ["the table is empty", withoutRows, /the table "user" is empty: run psql/],
    ])("does not start when %s, and the refusal shows its own log", async ([, url, words], context) => {
      requireToolchain(context, stack);
      const { code, stderr, result, report } = await tailgate(twice(), await url());
      expect(code).toBe(2);
      expect(result.verdict).toBe("invalid");
      expect(result.reason).toMatch(/exited with code \d+ before it was ready/);
      expect(result.logTail?.lines).toMatch(words);
      expect(stderr).toMatch(words);
      expect(report).toMatch(words);
    });
  });

  test("10,000 requests/s offered to Python are refused with what it can serve", async (context) => {
    const [python] = stacks;
    requireToolchain(context, python!);
    const pair = here.slice(0, 2);
    const configuration = stacksConfiguration(pair, pair[0]!.name, { ...LOAD, rate: TRAP_RATE_PER_SECOND });
    const { code, result, stderr } = await tailgate(asBuilt(configuration));
    expect(wrongWithRefusal(result)).toEqual([]);
    expect(stderr).toMatch(/fastapi-async can serve about \d+ requests\/s/);
    expect(code).toBe(2);
  }, 300_000);
});
