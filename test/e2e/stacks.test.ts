import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type TestContext, afterAll, beforeAll, describe, expect, test } from "vitest";
import { stringify } from "yaml";
import { type StackLoad, stacksConfiguration, twiceConfiguration } from "../../bench/stacks/configuration.js";
import { copyExample } from "../../bench/stacks/copy-example.js";
import { TRAP_RATE_PER_SECOND, wrongWithRefusal } from "../../bench/stacks/overload-trap.js";
import { REFUSALS, wrongWithStart } from "../../bench/stacks/refusals.js";
import { STACKS, exampleOf } from "../../bench/stacks/stack.js";
import { CARGO, type Presence, presenceOf } from "../../bench/stacks/toolchain.js";
import type { Result } from "../../src/model/result.js";
import { parseResultText } from "../../src/model/parse-result.js";
import { bundles } from "../parts/bundles.js";
import { createDatabase, fillTables } from "../parts/database.js";
import { markedProcesses, runFolders } from "./parts/leftovers.js";
import { PLAIN_RUST, writePlainRust } from "./parts/plain-rust.js";
import { type Ended, ended, plainEnvironment } from "./parts/spawned.js";

/*
 * A stack of each language, built and compared in one run of the command on a real PostgreSQL; then what each says when
 * that is not as it should be. Rust has a service without a database here, because the crates of the examples compile
 * for minutes: `npm run stacks` measures all of examples/, and `npm run stacks -- --refuse` reads what they say.
 */

const onDatabase = ["fastapi-async", "fastify"].map((name) => STACKS.find((one) => one.name === name)!);
const presences = new Map<string, Presence>([
  ...onDatabase.map(({ name, toolchain }) => [name, presenceOf(toolchain, process.env)] as const),
  [PLAIN_RUST, presenceOf(CARGO, process.env)],
]);
const isHere = (name: string): boolean => presences.get(name)!.found;
const here = onDatabase.filter(({ name }) => isHere(name));

let folder: string;
let database: string;
let rust: Readonly<Record<string, unknown>>;

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), "e2e-stacks-"));
  for (const stack of here) copyExample(exampleOf(stack), join(folder, stack.name));
  rust = writePlainRust(folder);
  database = await createDatabase("stacks");
  await fillTables(database);
});
afterAll(() => {
  rmSync(folder, { recursive: true, force: true });
});

interface Run extends Ended {
  readonly result: Result;
  readonly report: string;
  readonly folder: string;
}

let runs = 0;

/** `tailgate run` with this configuration, in the folder that has all stacks. */
async function tailgate(configuration: object, databaseUrl = database): Promise<Run> {
  const own = join(folder, `run-${++runs}`);
  const out = join(own, "out");
  const file = join(folder, `run-${runs}.yml`);
  mkdirSync(own);
  writeFileSync(file, stringify(configuration));
  const run = await ended(
    process.execPath,
    [join(bundles(), "cli.js"), "run", "--config", file, "--seed", "7", "--out", out],
    { cwd: folder, env: { ...plainEnvironment(), RUNNER_TEMP: own, DATABASE_URL: databaseUrl } },
  );
  expect(existsSync(join(out, "result.json")), run.stderr).toBe(true);
  return {
    ...run,
    folder: own,
    result: parseResultText(readFileSync(join(out, "result.json"), "utf8")),
    report: readFileSync(join(out, "report.md"), "utf8"),
  };
}

const LOAD: StackLoad = { connections: 10, connection: "keep-alive", rate: "auto" };

/** A stack that cannot be built is left out with its reason; where everything is tested it has to be there. */
function requireToolchain(context: TestContext, name: string): void {
  const presence = presences.get(name)!;
  if (presence.found) return;
  if (process.env["CI"] !== undefined) throw new Error(`${name}: ${presence.because}`);
  context.skip(presence.because);
}

// A comparison takes two.
describe.skipIf(here.length < 2 && process.env["CI"] === undefined)("stacks of three languages", () => {
  let run: Run;
  beforeAll(async () => {
    const { arms, ...configuration } = stacksConfiguration(here, here[0]!.name, LOAD);
    run = await tailgate({
      ...configuration,
      arms: { ...(arms as object), ...(isHere(PLAIN_RUST) ? { [PLAIN_RUST]: rust } : {}) },
      load: { ...(configuration["load"] as object), requests: 50, warmup: 50 },
      // Nothing is gated, so all of it is used.
      experiment: { budget: "110s" },
    });
  }, 900_000);

  describe("compared in one run", () => {
    test.for([...presences.keys()])("%s is built, started and measured in every block", (name, context) => {
      requireToolchain(context, name);
      const arm = run.result.arms.find((one) => one.name === name);
      expect(arm?.buildMs).toBeGreaterThan(0);
      expect(run.result.blocks.length).toBeGreaterThanOrEqual(6);
      for (const block of run.result.blocks) {
        const seen = block.arms[name]!.scenarios["list users"]!;
        expect(seen.throughputPerSecond).toBeGreaterThan(0);
        expect(seen.cpuShareOfCoreAtCapacity).toBeGreaterThan(0);
        expect(seen.latencyUs!.p999).toBeGreaterThanOrEqual(seen.latencyUs!.p50);
        expect(seen.errors).toEqual({ status: 0, timeout: 0, connection: 0, body: 0 });
        // A hundred rows, about 10 kB: every stack answers the same.
        expect(seen.bytesPerResponse).toBeGreaterThan(8_000);
        expect(seen.bytesPerResponse).toBeLessThan(12_000);
      }
    });

    test("all of them get one rate: a fifth of what the slowest can serve, because 50 requests are soon sent", () => {
      const [load] = run.result.schedule!.loads;
      const slowest = Math.min(...Object.values(load!.capacityPerSecond).map(Number));
      expect(Object.keys(load!.capacityPerSecond)).toEqual(run.result.arms.map(({ name }) => name));
      expect(Math.abs(load!.ratePerSecond - slowest / 5)).toBeLessThan(1);
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
      expect(markedProcesses(run.folder)).toEqual([]);
      expect(runFolders(run.folder)).toEqual([]);
    });
  });

  // They wait for processes to end more than they compute, and the stacks are built.
  describe.concurrent.for(onDatabase.map((stack) => ({ name: stack.name, stack })))("$name", ({ stack }) => {
    // What is asked here is what its own log says, so twice the same stack will do.
    test.for(REFUSALS)(
      "does not start when $when, and the refusal shows its own log",
      async ({ databaseUrl, words }, context) => {
        requireToolchain(context, stack.name);
        const configuration = twiceConfiguration(stack, LOAD, { isBuilt: true });
        const { code, stderr, result, report } = await tailgate(configuration, await databaseUrl(database));
        expect(wrongWithStart(result, words)).toEqual([]);
        expect(code).toBe(2);
        expect(stderr).toMatch(words);
        expect(report).toMatch(words);
      },
    );
  });

  test("10,000 requests/s offered to Python are refused with what it can serve", async (context) => {
    const [python] = onDatabase;
    requireToolchain(context, python!.name);
    const offered = { ...LOAD, rate: TRAP_RATE_PER_SECOND };
    const { code, result, stderr } = await tailgate(twiceConfiguration(python!, offered, { isBuilt: true }));
    expect(wrongWithRefusal(result)).toEqual([]);
    expect(stderr).toMatch(/(one|other) can serve about \d+ requests\/s/);
    expect(code).toBe(2);
  }, 300_000);
});
