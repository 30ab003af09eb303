import { mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { beforeEach, describe, expect, test } from "vitest";
import { seededRandom } from "../../../src/stats/random.js";
import { ended } from "../../e2e/parts/spawned.js";
import { temporaryFolder } from "../../parts/temporary-folder.js";
import { bundles } from "../../parts/bundles.js";

/* The script of docs/other-tools.md, as it stands there, on recordings in the forms that vegeta 12 and oha write. */

const PAGE = resolve(import.meta.dirname, "../../../docs/other-tools.md");
const BLOCKS = 12;
const REQUESTS = 400;

let folder: string;
beforeEach(() => {
  folder = temporaryFolder();
  const script = /^```js\n(.*?)^```$/ms.exec(readFileSync(PAGE, "utf8"))![1]!;
  writeFileSync(join(folder, "observations.mjs"), script);
});

/** Latencies of a request to an arm, microseconds; about 5 ms. */
type Latencies = (arm: string, block: number) => readonly number[];

function latenciesOf(slowdown: number): Latencies {
  const random = seededRandom(1, "recordings");
  return (arm, block) => {
    const launch = 5000 * (1 + 0.01 * Math.sin(block)) * (arm === "head" ? slowdown : 1);
    return Array.from({ length: REQUESTS }, () => launch * (0.9 + 0.2 * random()));
  };
}

const vegeta = (us: readonly number[]): string =>
  us
    .map((one, seq) =>
      JSON.stringify({
        attack: "",
        seq,
        code: 200,
        timestamp: "2026-11-27T15:00:00Z",
        latency: one * 1000,
        error: "",
      }),
    )
    .join("\n") + "\n";

function oha(us: readonly number[], failed = 0): string {
  const sorted = [...us].sort((a, b) => a - b);
  const at = (share: number): number => sorted[Math.floor(share * (sorted.length - 1))]! / 1e6;
  const latencyPercentiles = { p50: at(0.5), p90: at(0.9), p95: at(0.95), p99: at(0.99) };
  const statusCodeDistribution = { "200": us.length - failed, "500": failed };
  return JSON.stringify(
    { summary: {}, latencyPercentiles, statusCodeDistribution, errorDistribution: {} },
    null,
    2,
  );
}

function record(write: (arm: string, block: number) => string, arms = ["base", "head"]): void {
  const place = join(folder, "recordings");
  rmSync(place, { recursive: true, force: true });
  mkdirSync(place);
  for (const arm of arms) {
    for (let block = 1; block <= BLOCKS; block++)
      writeFileSync(join(place, `${arm}-${block}.json`), write(arm, block));
  }
}

async function convert() {
  return ended(process.execPath, ["observations.mjs"], { cwd: folder, env: process.env });
}

interface Judged {
  readonly verdict: string;
  readonly cells: readonly { readonly metric: string; readonly change: number; readonly verdict: string }[];
}

async function judged(): Promise<{ readonly code: number | null; readonly answer: Judged }> {
  const converted = await convert();
  expect(converted.stderr).toBe("");
  const { code, stdout, stderr } = await ended(
    process.execPath,
    [join(bundles(), "cli.js"), "judge", "observations.json", "--json"],
    { cwd: folder, env: process.env },
  );
  expect(stdout, stderr).not.toBe("");
  return { code, answer: JSON.parse(stdout) as Judged };
}

describe("recordings of another tool", () => {
  test("of vegeta show a head that is 20 % slower, in every percentile and in its size", async () => {
    const slow = latenciesOf(1.2);
    record((arm, block) => vegeta(slow(arm, block)));
    const { code, answer } = await judged();
    expect([code, answer.verdict]).toEqual([1, "regression"]);
    expect(answer.cells.map(({ metric }) => metric)).toEqual(["p50", "p90", "p95", "p99", "errors"]);
    expect(answer.cells[0]).toMatchObject({ verdict: "regressed" });
    expect(answer.cells[0]!.change).toBeCloseTo(0.2, 1);
  });

  test("of oha pass where nothing changed, and fail where head's requests do", async () => {
    const same = latenciesOf(1);
    record((arm, block) => oha(same(arm, block)));
    expect((await judged()).answer.verdict).toBe("pass");
    record((arm, block) => oha(same(arm, block), arm === "head" ? 20 : 0));
    const { code, answer } = await judged();
    expect(code).toBe(1);
    expect(answer.cells.at(-1)).toMatchObject({ metric: "errors", verdict: "regressed" });
  });

  test("that lack a block of one arm are refused", async () => {
    const same = latenciesOf(1);
    record((arm, block) => vegeta(same(arm, block)));
    rmSync(join(folder, "recordings", "head-3.json"));
    const { code, stderr } = await convert();
    expect(code).toBe(1);
    expect(stderr).toContain("head and base were not recorded in the same blocks");
  });
});
