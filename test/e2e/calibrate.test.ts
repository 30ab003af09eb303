import { spawn } from "node:child_process";
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import type { Calibration } from "../../src/calibration/calibration.js";
import { runFolders } from "./parts/leftovers.js";
import { makeRepository, type Repository } from "./parts/repository.js";
import { bundles } from "../parts/bundles.js";
import { type Ended, ended, plainEnvironment } from "./parts/spawned.js";

/* The built command on a real service: measured, interrupted, gone on with. */

const CLI = join(bundles(), "cli.js");
const server = (waitMs: number): string => `import { createServer } from "node:http";
createServer((request, response) => setTimeout(() => response.end("ok"), ${waitMs}))
  .listen(Number(process.env.PORT), "127.0.0.1");
process.on("SIGTERM", () => process.exit(0));
`;
const CONFIG = `service: { start: node server.mjs }
load: { requests: 20, warmup: 20, connections: 2, rate: 100 }
scenarios: [{ name: hello, path: / }]
experiment: { budget: 20s }
`;

let repository: Repository;
let temporary: string;
let environment: Record<string, string | undefined>;

beforeAll(() => {
  temporary = mkdtempSync(join(tmpdir(), "e2e-calibrate-"));
  environment = { ...plainEnvironment(), RUNNER_TEMP: temporary };
  repository = makeRepository();
  repository.commit({ "server.mjs": server(2), "tailgate.yml": CONFIG });
  repository.git("checkout", "--quiet", "-b", "slow");
  repository.commit({ "server.mjs": server(12) });
  repository.git("checkout", "--quiet", "main");
});
afterAll(() => {
  repository.remove();
  rmSync(temporary, { recursive: true, force: true });
});

function calibrate(...args: readonly string[]): Promise<Ended> {
  const all = [CLI, "calibrate", "--copies", "2", "--out", join(temporary, "kept"), ...args];
  return ended(process.execPath, all, { cwd: repository.folder, env: environment });
}

function keptBlocks(): number {
  const file = join(temporary, "kept", "calibration-blocks.ndjson");
  return existsSync(file) ? readFileSync(file, "utf8").trim().split("\n").length : 0;
}

test("an interrupted calibration keeps its blocks, goes on with them, and finds a known change", async () => {
  const change = ["--change", "slower=slow"];
  const first = spawn(
    process.execPath,
    [CLI, "calibrate", "--copies", "2", "--out", join(temporary, "kept"), ...change],
    { cwd: repository.folder, env: environment, stdio: "ignore" },
  );
  const closed = new Promise((done) => first.once("close", done));
  while (keptBlocks() < 2 && first.exitCode === null) await new Promise((next) => setTimeout(next, 50));
  first.kill("SIGINT");
  expect(await closed).toBe(130);
  const before = keptBlocks();
  expect(before).toBeGreaterThanOrEqual(2);
  expect(runFolders(temporary)).toEqual([]);

  const { code, stdout, stderr } = await calibrate(...change, "--runs", "1", "--json");
  expect(code, stderr).toBe(0);
  const calibration = JSON.parse(stdout) as Calibration;
  expect(calibration.schema).toBe("tailgate/calibration@1");
  expect(calibration.sessions).toHaveLength(2);
  expect(calibration.blocks).toBe(calibration.run.blocks);
  expect(keptBlocks()).toBe(calibration.blocks + calibration.untrustedBlocks);
  const [slower] = calibration.changes;
  expect(slower!.size.find(({ metric }) => metric === "p50")!.change).toBeGreaterThan(1);
  expect(slower!.inTurn!.failed.share).toBe(1);
  expect(stderr).toContain("HEAD (");
  expect(stderr).toContain("slower");
  expect(runFolders(temporary)).toEqual([]);
}, 120_000);

test("blocks of other code are not mixed in", async () => {
  const { code, stderr } = await calibrate("--base", "slow", "--runs", "1");
  expect(code).toBe(2);
  expect(stderr).toContain("holds a calibration with another commit and other known changes");
  expect(stderr).toContain("--fresh");
});

test("blocks that are kept are judged again by other limits, without measuring", async () => {
  const file = join(temporary, "kept", "calibration-blocks.ndjson");
  const kept = readFileSync(file, "utf8");
  const config = join(temporary, "limits.yml");
  writeFileSync(config, `${CONFIG}gates: { p50: 50%, throughput: off }\n`);
  const again = ["--change", "slower=slow", "--runs", "1", "--config", config, "--json"];
  const { code, stdout, stderr } = await calibrate(...again);
  expect(code, stderr).toBe(0);
  const { noise } = JSON.parse(stdout) as Calibration;
  expect(noise.find(({ metric }) => metric === "p50")).toMatchObject({ limit: 0.5, gated: true });
  expect(noise.find(({ metric }) => metric === "throughput")).toMatchObject({ gated: false });
  expect(readFileSync(file, "utf8")).toBe(kept);
});

test.each([
  [["--runs", "0"], '--runs "0" is not usable', "from 1 to 1000"],
  [["--runs", "1e3"], '--runs "1e3" is not usable', "from 1 to 1000"],
  [["--copies", "9"], '--copies "9" is not usable', "from 2 to 8"],
  [["--change", "no name"], '--change "no name" is not usable', "--change slower=my-branch"],
  [["--change", "a=slow", "--change", "a=main"], "names two arms `a`", "a name of its own"],
  [["--change", "copy-1=slow"], "names an arm `copy-1`", "a name of its own"],
])("%j is refused before anything is started", async (args, message, hint) => {
  const { code, stderr } = await calibrate(...args);
  expect(code).toBe(2);
  expect(stderr).toContain(message);
  expect(stderr).toContain(hint);
});
