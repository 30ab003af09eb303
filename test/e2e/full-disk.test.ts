import { existsSync, mkdirSync, readFileSync, rmSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeEach, describe, expect, test } from "vitest";
import { parseResultText } from "../../src/model/parse-result.js";
import { mountSmallDisk, type SmallDisk } from "../service/small-disk.js";
import { markedProcesses, runFolders } from "./parts/leftovers.js";
import { type Repository, makeRepository } from "./parts/repository.js";
import { bundles } from "../parts/bundles.js";
import { type Ended, ended, plainEnvironment } from "./parts/spawned.js";

/*
 * A head that fills the disk of its own folder once three blocks are measured. In the action, results lie on the same
 * disk as the checkouts; on a developer's machine mostly not.
 */

const CLI = join(bundles(), "cli.js");
const FILL = `import { appendFileSync, readFileSync } from "node:fs";
const measured = () => { try { return readFileSync(process.env.BLOCKS, "utf8").split("\\n").length - 1; } catch { return 0; } };
const fills = measured() >= 3;
export const fill = () => { try { if (fills) for (;;) appendFileSync("data", Buffer.alloc(65536, 1)); } catch { } };
`;
const SERVER = `import { createServer } from "node:http";
import { fill } from "./fill.mjs";
createServer((request, response) => { fill(); response.end("ok"); }).listen(Number(process.env.PORT), "127.0.0.1");
`;
const CONFIG = `service: { start: node server.mjs }
load: { requests: 20, warmup: 20, rate: 200 }
gates: { p50: off, p90: off, p95: off, p99: off, throughput: off, cpu: off }
experiment: { budget: 60s }
`;

const mounted = mountSmallDisk("size=24m");
const disk = mounted as SmallDisk;
let repository: Repository;

afterAll(() => {
  if (!("notAllowed" in mounted)) disk.unmount();
});

beforeEach((context) => {
  if ("notAllowed" in mounted) context.skip(mounted.notAllowed);
  repository = makeRepository();
  repository.commit({
    "server.mjs": SERVER,
    "fill.mjs": "export const fill = () => {};\n",
    "tailgate.yml": CONFIG,
  });
  repository.commit({ "fill.mjs": FILL });
  return () => {
    repository.remove();
  };
});

function tailgate(args: readonly string[], temporary: string, out: string): Promise<Ended> {
  return ended(process.execPath, [CLI, ...args], {
    cwd: repository.folder,
    env: { ...plainEnvironment(), RUNNER_TEMP: temporary, BLOCKS: join(out, "blocks.ndjson") },
  });
}

describe("a head that fills the disk of its folder", () => {
  test.each([
    ["which holds the results too", (): string => join(disk.path, "results")],
    ["and not that of the results", (): string => join(repository.folder, ".tailgate")],
  ])("%s, is named, and nothing that was measured is lost", async (_name, outOf) => {
    const temporary = join(disk.path, "temporary");
    mkdirSync(temporary, { recursive: true });
    const out = outOf();
    const { code, stderr } = await tailgate(["run", "--out", out], temporary, out);
    // As wide as a terminal: lines are broken anywhere.
    expect(stderr.replace(/\s+/g, " ")).toMatch(/the disk that holds \S+ is full\. Free space on that disk/);
    expect(stderr).not.toContain("bug of Tailgate");
    expect(code).toBe(2);

    const result = parseResultText(readFileSync(join(out, "result.json"), "utf8"));
    expect(result.verdict).toBe("invalid");
    expect(result.reason).toMatch(/the disk that holds .* is full/);
    expect(existsSync(join(out, "report.html"))).toBe(true);
    // Three were on the disk before it was full; the one that filled it stands in the result at least.
    const kept = readFileSync(join(out, "blocks.ndjson"), "utf8").trimEnd().split("\n");
    expect(kept.length).toBeGreaterThanOrEqual(3);
    expect(kept.map((line) => (JSON.parse(line) as { index: number }).index)).toEqual(
      result.blocks.slice(0, kept.length).map(({ index }) => index),
    );
    expect(result.blocks.length).toBeGreaterThan(3);
    const judged = await tailgate(["judge", join(out, "observations.json"), "--json"], temporary, out);
    expect((JSON.parse(judged.stdout) as { verdict: string }).verdict).toBe("inconclusive");

    expect(markedProcesses(temporary)).toEqual([]);
    expect(runFolders(temporary)).toEqual([]);
    expect(repository.git("worktree", "list").split("\n")).toHaveLength(1);
    rmSync(out, { recursive: true });
  });

  test("by something else is told before anything is started", async () => {
    const temporary = join(disk.path, "temporary");
    mkdirSync(temporary, { recursive: true });
    disk.fill();
    try {
      const out = join(disk.path, "results");
      const { code, stderr } = await tailgate(["run", "--out", out], temporary, out);
      expect(stderr).toMatch(/^tailgate: the disk that holds .* is full\n {2}Free space on that disk/m);
      expect(code).toBe(2);
      expect(runFolders(temporary)).toEqual([]);
    } finally {
      disk.free();
    }
  });
});
