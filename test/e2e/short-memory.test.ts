import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { parseResultText } from "../../src/model/parse-result.js";
import { makeMemoryGroup } from "../service/memory-group.js";
import { markedProcesses, runFolders } from "./parts/leftovers.js";
import { type Repository, makeRepository } from "./parts/repository.js";
import { bundles } from "../parts/bundles.js";
import { type Ended, ended, plainEnvironment } from "./parts/spawned.js";

/* A head that leaks: where memory runs short it is killed, and that is said; where it does not, its memory cell tells. */

const CLI = join(bundles(), "cli.js");
const SERVER = `import { createServer } from "node:http";
import { leak } from "./leak.mjs";
createServer((request, response) => { leak(); response.end("ok"); }).listen(Number(process.env.PORT), "127.0.0.1");
`;
/** Leaks once `BLOCKS` is there: with the first measured block, where it is to die in mid-block. */
const LEAK = (bytes: number): string => `import { existsSync } from "node:fs";
const kept = [];
export const leak = () => { if (kept.length > 0 || existsSync(process.env.BLOCKS)) kept.push(Buffer.alloc(${bytes}, 1)); };
`;
const NO_LEAK = "export const leak = () => {};\n";
const config = (start: string): string => `service: { start: ${JSON.stringify(start)} }
load: { requests: 50, warmup: 20, rate: 200 }
gates: { p50: off, p90: off, p95: off, p99: off, throughput: off, cpu: off }
experiment: { budget: 60s }
`;

let temporary: string;
let repository: Repository;

beforeAll(() => {
  temporary = mkdtempSync(join(tmpdir(), "e2e-temporary-"));
});
afterAll(() => {
  rmSync(temporary, { recursive: true, force: true });
});

async function runOn(
  start: string,
  leakedBytes: number,
  fromTheStart = false,
): Promise<Ended & { readonly out: string }> {
  repository = makeRepository();
  repository.commit({ "server.mjs": SERVER, "leak.mjs": NO_LEAK, "tailgate.yml": config(start) });
  repository.commit({ "leak.mjs": LEAK(leakedBytes) });
  const out = join(temporary, `out-${leakedBytes}`);
  const run = await ended(process.execPath, [CLI, "run", "--out", out], {
    cwd: repository.folder,
    env: {
      ...plainEnvironment(),
      RUNNER_TEMP: temporary,
      BLOCKS: fromTheStart ? temporary : join(out, "blocks.ndjson"),
    },
  });
  expect(markedProcesses(temporary)).toEqual([]);
  expect(runFolders(temporary)).toEqual([]);
  repository.remove();
  return { ...run, out };
}

const group = makeMemoryGroup(256 * 1024 * 1024);
afterAll(async () => {
  if (!("notAllowed" in group)) await group.remove();
});

test("a head that is killed for want of memory in mid-block is named, with its peak and what to do", async (context) => {
  if ("notAllowed" in group) return context.skip(group.notAllowed);
  const { code, stderr, out } = await runOn(`${group.enter}; exec node server.mjs`, 16 * 1024 * 1024);
  const result = parseResultText(readFileSync(join(out, "result.json"), "utf8"));
  expect(result.verdict).toBe("invalid");
  expect(result.reason).toMatch(
    /head was not there until the end of the block \(was killed \(signal SIGKILL\); the peak memory seen was \d+ MiB/,
  );
  expect(result.reason).toContain("let it use less, or measure where there is more");
  expect(stderr.replace(/\s+/g, " ")).toContain("was killed (signal SIGKILL)");
  // What was measured before it leaked stands.
  expect(result.blocks.filter(({ distrust }) => distrust.length === 0)).toHaveLength(1);
  expect(code).toBe(2);
}, 240_000);

test("a head that leaks is a regression of memory where there is enough of it", async () => {
  const { code, out } = await runOn("node server.mjs", 64 * 1024, true);
  const result = parseResultText(readFileSync(join(out, "result.json"), "utf8"));
  expect(result.cells.find(({ metric }) => metric === "memory")).toMatchObject({
    arm: "head",
    verdict: "regressed",
  });
  expect(result.verdict).toBe("regression");
  expect(code).toBe(1);
}, 240_000);
