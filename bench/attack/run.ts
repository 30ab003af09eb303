import { type ChildProcess, execFileSync, spawn } from "node:child_process";
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  readdirSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parseResultText } from "../../src/model/parse-result.js";
import { bundles } from "../../test/parts/bundles.js";
import { markedProcesses, runFolders } from "../../test/e2e/parts/leftovers.js";
import { plainEnvironment } from "../../test/e2e/parts/spawned.js";
import { branchedRepository } from "../stacks/repository.js";
import { requireHeld } from "./attack.js";

/** Responds with "ok" on PORT of HOST. */
export const SERVER = `import { createServer } from "node:http";
createServer((request, response) => response.end("ok")).listen(Number(process.env.PORT), process.env.HOST ?? "127.0.0.1");
`;

/** The configuration of such a service, which a run of ten seconds measures. */
export function configOf(service: string): string {
  return `service: ${service}
load: { requests: 30, warmup: 10 }
gates: { p50: off, p90: off, p95: off, p99: off, throughput: off, cpu: off, memory: off }
experiment: { budget: 60s }
`;
}

/** Files of a service, by their path. */
export type ServiceFiles = Readonly<Record<string, string>>;

/** A service of one process. */
const PROCESS: ServiceFiles = {
  "server.mjs": SERVER,
  "tailgate.yml": configOf("{ start: node server.mjs }"),
};

/** A repository with two commits of a small service, and a place for the runs of one try. */
export interface Scene {
  /** The user's clone: `main`, and `change` on top of it. */
  readonly repository: { readonly folder: string; remove(): void };
  /** Where runs make their folders. */
  readonly temporary: string;
  readonly out: string;
  remove(): void;
}

/**
 * @param places - where temporary folder and results lie; below a folder of the scene's own where left out
 * @param files - of the service; `server.mjs` is what differs between the commits
 */
export function makeScene(
  places: { readonly temporary?: string; readonly out?: string } = {},
  files = PROCESS,
): Scene {
  const repository = branchedRepository(
    (tree) => {
      for (const [path, text] of Object.entries(files)) writeFileSync(join(tree, path), text);
    },
    {
      change: (tree) => {
        writeFileSync(join(tree, "server.mjs"), `// same\n${files["server.mjs"]!}`);
      },
    },
  );
  const folder = mkdtempSync(join(tmpdir(), "attack-"));
  const temporary = places.temporary ?? join(folder, "temporary");
  mkdirSync(temporary, { recursive: true });
  return {
    repository,
    temporary,
    out: places.out ?? join(folder, "results"),
    remove() {
      repository.remove();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

export interface StartedRun {
  readonly child: ChildProcess & { readonly pid: number };
  /** The exit code, or `null` for one that was killed, and what it told people. */
  readonly ended: Promise<{ readonly code: number | null; readonly said: string }>;
}

export function startRun({ repository, temporary, out }: Scene): StartedRun {
  const child = spawn(
    process.execPath,
    [join(bundles(), "cli.js"), "run", "--base", "main", "--head", "change", "--out", out],
    {
      cwd: repository.folder,
      env: { ...plainEnvironment(), RUNNER_TEMP: temporary },
      stdio: ["ignore", "ignore", "pipe"],
    },
  );
  let said = "";
  child.stderr.setEncoding("utf8").on("data", (text: string) => (said += text));
  const ended = new Promise<{ code: number | null; said: string }>((resolve, reject) => {
    child.once("error", reject);
    child.once("close", (code) => {
      resolve({ code, said });
    });
  });
  return { child: child as StartedRun["child"], ended };
}

/** It came to an end of its own: a pass, or the reason why nothing could be measured, such as a machine that is too busy. */
export function requireFinished(code: number | null, said: string): void {
  requireHeld(!said.includes("bug of Tailgate"), `a bug: ${said.slice(-800)}`);
  requireHeld(code === 0 || code === 2, `exit code ${code}: ${said.slice(-500)}`);
}

/** Blocks that were written stand there whole, and so does a result if there is one. */
export function requireWholeResults({ out }: Scene): void {
  const blocks = join(out, "blocks.ndjson");
  const lines = existsSync(blocks) ? readFileSync(blocks, "utf8").split("\n") : [""];
  const unfinished = lines.pop();
  requireHeld(unfinished === "", `the last block is cut off: ${unfinished?.slice(0, 80) ?? ""}`);
  for (const line of lines) JSON.parse(line);
  const result = join(out, "result.json");
  if (existsSync(result)) parseResultText(readFileSync(result, "utf8"));
}

/** Neither processes nor folders nor worktrees of any run. */
export function requireNothingLeft({ repository, temporary }: Scene): void {
  const processes = markedProcesses(temporary);
  requireHeld(processes.length === 0, `processes were left: ${processes.join("; ")}`);
  requireHeld(runFolders(temporary).length === 0, `folders were left: ${runFolders(temporary).join(", ")}`);
  const worktrees = execFileSync("git", ["worktree", "list"], { cwd: repository.folder, encoding: "utf8" });
  requireHeld(worktrees.trim().split("\n").length === 1, `a worktree was left: ${worktrees}`);
}

/** A command line of the load generator, whichever run it serves. */
const GENERATOR = /generator\.cjs/;

/** The process that a run started for this role, or `null` while there is none. */
export function processOf(
  role: "generator" | "service",
  run: StartedRun,
  { temporary }: Scene,
): number | null {
  for (const name of readdirSync("/proc").filter((entry) => /^\d+$/.test(entry))) {
    try {
      const command = readFileSync(`/proc/${name}/cmdline`, "latin1");
      const parent = Number(/^PPid:\s+(\d+)$/m.exec(readFileSync(`/proc/${name}/status`, "latin1"))?.[1]);
      if (role === "generator" && parent === run.child.pid && GENERATOR.test(command)) return Number(name);
      if (role === "service" && command.includes("server.mjs")) {
        const environment = readFileSync(`/proc/${name}/environ`, "latin1");
        if (environment.includes("TAILGATE_MARK=") && environment.includes(temporary)) return Number(name);
      }
    } catch {
      // It ended meanwhile.
    }
  }
  return null;
}
