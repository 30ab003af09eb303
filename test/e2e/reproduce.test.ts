import { execFileSync } from "node:child_process";
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { bundles } from "../parts/bundles.js";
import { makeRepository, type Repository } from "./parts/repository.js";
import { ended, plainEnvironment } from "./parts/spawned.js";

/* Every report carries the one command that repeats its run; here it is run, in a fresh clone. */

const CLI = join(bundles(), "cli.js");
const FOLDER = "services/the api";
const SERVER = `import { createServer } from "node:http";
createServer((request, response) => response.end("ok")).listen(Number(process.env.PORT), "127.0.0.1");
`;
const CONFIG = `load: { requests: 20, warmup: 20, connections: 2, rate: 200 }
experiment: { budget: 20s }
`;

interface Written {
  readonly reproduce: string;
  readonly plan: unknown;
  readonly seed: number;
  readonly arms: readonly { readonly name: string; readonly revision: { readonly sha: string } }[];
  readonly stopped: { readonly blocks: number };
}

let repository: Repository;
let temporary: string;
let environment: Record<string, string | undefined>;

beforeAll(() => {
  temporary = mkdtempSync(join(tmpdir(), "e2e-reproduce-"));
  repository = makeRepository();
  repository.commit({ [`${FOLDER}/server.mjs`]: SERVER, [`${FOLDER}/tailgate.yml`]: CONFIG });
  repository.git("checkout", "--quiet", "-b", "change");
  repository.commit({ [`${FOLDER}/server.mjs`]: `// same\n${SERVER}` });
  // What a developer has in the path.
  const bin = join(temporary, "bin");
  mkdirSync(bin);
  writeFileSync(join(bin, "tailgate"), `#!/bin/sh\nexec '${process.execPath}' '${CLI}' "$@"\n`, {
    mode: 0o755,
  });
  const path = `${bin}:${process.env["PATH"] ?? ""}`;
  environment = { ...plainEnvironment(), RUNNER_TEMP: temporary, PATH: path };
});
afterAll(() => {
  repository.remove();
  rmSync(temporary, { recursive: true, force: true });
});

test("the command of a report measures the same commits by the same plan", async () => {
  const folder = join(repository.folder, FOLDER);
  const args = ["run", "--start", "node server.mjs  --quoted='it is'", "--seed", "7"];
  const first = await ended("tailgate", args, { cwd: folder, env: environment });
  // So short a run may be red by chance, as may the one after it.
  expect([0, 1], first.stderr).toContain(first.code);
  const told = read(folder);

  const clone = join(temporary, "clone");
  execFileSync("git", ["clone", "--quiet", "--branch", "change", repository.folder, clone]);
  const again = await ended("/bin/sh", ["-c", told.reproduce], { cwd: clone, env: environment });
  expect([0, 1], again.stderr).toContain(again.code);
  const repeated = read(join(clone, FOLDER));

  expect(repeated.plan).toEqual(told.plan);
  expect(repeated.seed).toBe(7);
  expect(repeated.arms.map(({ name, revision }) => [name, revision.sha])).toEqual(
    told.arms.map(({ name, revision }) => [name, revision.sha]),
  );
  expect(repeated.stopped.blocks).toBeGreaterThan(0);
  expect(repeated.reproduce).toBe(told.reproduce);
});

test("a file that is not committed yet counts on one's own machine", async () => {
  const folder = join(repository.folder, FOLDER);
  repository.git("checkout", "--quiet", "--orphan", "fresh");
  repository.git("rm", "--quiet", "-r", "--force", ".");
  repository.commit({ [`${FOLDER}/server.mjs`]: SERVER });
  repository.commit({ [`${FOLDER}/server.mjs`]: `// same\n${SERVER}` });
  const start = "echo started by the new file; exit 3";
  writeFileSync(join(folder, "tailgate.yml"), `service: { start: ${JSON.stringify(start)} }\n${CONFIG}`);
  const args = ["run", "--base", "HEAD~1"];
  const local = await ended("tailgate", args, { cwd: folder, env: environment });
  expect(local.stderr).toContain("started by the new file");
});

function read(folder: string): Written {
  return JSON.parse(readFileSync(join(folder, ".tailgate", "result.json"), "utf8")) as Written;
}
