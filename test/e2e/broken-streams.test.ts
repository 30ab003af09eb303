import { spawn } from "node:child_process";
import {
  closeSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  openSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { parseResultText } from "../../src/model/parse-result.js";
import { bundles } from "../parts/bundles.js";
import { markedProcesses, runFolders } from "./parts/leftovers.js";
import { type Repository, makeRepository } from "./parts/repository.js";
import { plainEnvironment } from "./parts/spawned.js";

/* Whoever reads what a command prints may go away, and a disk may be full: 1 is said by a verdict alone. */

const CLI = join(bundles(), "cli.js");
const SERVER = `import { createServer } from "node:http";
createServer((request, response) => response.end("ok")).listen(Number(process.env.PORT), "127.0.0.1");
`;
const CONFIG = `service: { start: node server.mjs }
load: { requests: 20, warmup: 10, connections: 2, rate: 100 }
gates: { p50: off, p90: off, p95: off, p99: off, throughput: off, cpu: off, memory: off }
experiment: { budget: 15s }
`;

let repository: Repository;
let temporary: string;
let observations: string;

beforeAll(() => {
  temporary = mkdtempSync(join(tmpdir(), "e2e-streams-"));
  repository = makeRepository();
  repository.commit({ "server.mjs": SERVER, "tailgate.yml": CONFIG });
  repository.commit({ "server.mjs": `// same\n${SERVER}` });
  observations = join(temporary, "regression.json");
  const values = (factor: number): number[] => Array.from({ length: 12 }, (_, i) => factor * (1000 + i));
  const cell = { scenario: "a", metric: "p50", worse: "higher", limit: 0.05 };
  writeFileSync(
    observations,
    JSON.stringify({
      schema: "tailgate/observations@1",
      baseline: "base",
      cells: [{ ...cell, values: { base: values(1), head: values(1.5) } }],
    }),
  );
});
afterAll(() => {
  repository.remove();
  rmSync(temporary, { recursive: true, force: true });
});

/** Where one of the two outputs leads. */
type Target = "pipe" | "gone" | "full" | "closed";

interface Broken {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** A folder of its own for a run's temporary files, so that what it leaves can be told from what others have. */
function ownFolder(name: string): string {
  const folder = join(temporary, name);
  mkdirSync(folder);
  return folder;
}

/** Runs the command through a shell, with outputs that break. */
function tailgate(
  args: readonly string[],
  stdout: Target,
  stderr: Target,
  runnerFolder = temporary,
): Promise<Broken> {
  const redirection = (target: Target, descriptor: 1 | 2): string =>
    target === "full" ? `${descriptor}>/dev/full` : target === "closed" ? `${descriptor}>&-` : "";
  const command = `exec "$0" "$@" ${redirection(stdout, 1)} ${redirection(stderr, 2)}`;
  const child = spawn("/bin/sh", ["-c", command, process.execPath, CLI, ...args], {
    cwd: repository.folder,
    env: { ...plainEnvironment(), RUNNER_TEMP: runnerFolder },
    stdio: ["ignore", "pipe", "pipe"],
  });
  const printed = { stdout: "", stderr: "" };
  for (const [name, target] of [
    ["stdout", stdout],
    ["stderr", stderr],
  ] as const) {
    if (target === "gone") child[name].destroy();
    else child[name].setEncoding("utf8").on("data", (text: string) => (printed[name] += text));
  }
  return new Promise((resolve, reject) => {
    child.once("error", reject);
    child.once("exit", (code) => {
      resolve({ code, ...printed });
    });
  });
}

describe("a regression that cannot be handed over ends with 2 and a sentence, not with 1", () => {
  test.each(["gone", "full"] as const)("judge --json, with standard output %s", async (stdout) => {
    const { code, stderr } = await tailgate(["judge", "--json", observations], stdout, "pipe");
    expect(stderr).toMatch(
      /^tailgate: the result could not be written to standard output: .*(EPIPE|ENOSPC)/m,
    );
    expect(stderr).not.toContain("    at ");
    expect(code).toBe(2);
  });

  test.each(["gone", "full"] as const)("judge for people, with standard error %s", async (stderr) => {
    const { code } = await tailgate(["judge", observations], "pipe", stderr);
    expect(code).toBe(2);
  });

  test("while what breaks is not where the result goes, the verdict stands", async () => {
    const { code, stdout } = await tailgate(["judge", "--json", observations], "pipe", "full");
    expect(JSON.parse(stdout)).toMatchObject({ verdict: "regression" });
    expect(code).toBe(1);
  });

  test.each([["--help"], ["--version"]])("tailgate %s into a full disk is no regression", async (...args) => {
    const { code } = await tailgate(args, "full", "full");
    expect(code).toBe(2);
  });
});

// Whole runs wait more than they compute: they go side by side.
describe.concurrent("a run whose reader goes away in its middle", () => {
  test.each([
    ["both outputs go into a pipe that is closed", "gone", "gone", 2],
    ["both go to a full disk", "full", "full", 2],
    ["both were closed before it began", "closed", "closed", 0],
  ] as const)(
    "measures to its end, and leaves nothing but its results: %s",
    async (_how, stdout, stderr, exit) => {
      const folder = ownFolder(stdout);
      const out = join(folder, "results");
      const { code } = await tailgate(["run", "--json", "--out", out], stdout, stderr, folder);
      expect(existsSync(join(out, "report.html"))).toBe(true);
      const { verdict } = parseResultText(readFileSync(join(out, "result.json"), "utf8"));
      // A machine that is too busy to measure on gives 2 whatever becomes of the outputs.
      expect(code).toBe(verdict === "invalid" ? 2 : exit);
      expect(markedProcesses(folder)).toEqual([]);
      expect(runFolders(folder)).toEqual([]);
    },
  );
});

describe.concurrent("a run that is asked to end", () => {
  test.each([
    ["SIGHUP", 129],
    ["SIGQUIT", 131],
    ["SIGTERM", 143],
  ] as const)("by %s stops its services and leaves nothing", async (signal, exit) => {
    const folder = ownFolder(signal);
    const log = openSync(join(folder, "log"), "w");
    const child = spawn(process.execPath, [CLI, "run", "--out", join(folder, "results")], {
      cwd: repository.folder,
      env: { ...plainEnvironment(), RUNNER_TEMP: folder },
      stdio: ["ignore", log, log],
    });
    closeSync(log);
    const exited = new Promise<number | null>((resolve) => child.once("exit", resolve));
    while (child.exitCode === null && markedProcesses(folder).length === 0) {
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
    child.kill(signal);
    expect(await exited).toBe(exit);
    expect(readFileSync(join(folder, "log"), "utf8")).toContain(`cancelled by ${signal}`);
    expect(markedProcesses(folder)).toEqual([]);
    expect(runFolders(folder)).toEqual([]);
  });
});
