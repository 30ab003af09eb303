import { existsSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import type { Explanation } from "../../src/model/explanation.js";
import { parseResultText } from "../../src/model/parse-result.js";
import { bundles } from "../parts/bundles.js";
import { markedProcesses, runFolders } from "./parts/leftovers.js";
import { makeRepository, type Repository } from "./parts/repository.js";
import { type Ended, ended, plainEnvironment } from "./parts/spawned.js";

const SERVER = `import { createServer } from "node:http";
import { createHash } from "node:crypto";
const rows = Array.from({ length: 50 }, (_, id) => ({ id }));
function describeRow(row) {
  return "row " + row.id;
}
function handler(request, response) {
  const text = rows.map(describeRow).join();
  response.end(text);
}
createServer(handler).listen(Number(process.env.PORT), "127.0.0.1");
`;
const SLOWER = SERVER.replace(
  "function handler",
  `function etagOf(text) {
  let hash = text;
  for (let i = 0; i < 40; i++) hash = createHash("sha1").update(hash).digest("hex");
  return hash;
}
function handler`,
).replace("response.end", `response.setHeader("etag", etagOf(text));\n  response.end`);

let repository: Repository;
let temporary: string;

beforeAll(() => {
  temporary = mkdtempSync(join(tmpdir(), "e2e-explain-"));
  repository = makeRepository();
  repository.commit({
    "server.mjs": SERVER,
    "tailgate.yml":
      "service: { start: node server.mjs }\nscenarios: [{ name: rows, path: / }]\nload: { rate: 100, requests: 50, warmup: 50 }\n" +
      // CPU per request: what other tests do on this machine meanwhile does not hide how much more it is.
      "gates: { p50: off, p90: off, p95: off, p99: off, throughput: off, cpu: 5%, memory: off }\nexperiment: { alpha: 5% }\n",
  });
  repository.git("checkout", "--quiet", "-b", "etag");
  repository.commit({ "server.mjs": SLOWER });
  repository.git("checkout", "--quiet", "-b", "slow");
  repository.commit({ "server.mjs": SLOWER.replace("i < 40", "i < 800") });
});
afterAll(() => {
  repository.remove();
  rmSync(temporary, { recursive: true, force: true });
});

function tailgate(command: string, ...flags: string[]): Promise<Ended> {
  return ended(
    process.execPath,
    [join(bundles(), "cli.js"), command, "--out", join(temporary, command), "--base", "main", ...flags],
    { cwd: repository.folder, env: { ...plainEnvironment(), RUNNER_TEMP: temporary } },
  );
}

test("the command names the function that head has and base has not, with its exact calls, and leaves nothing running", async () => {
  const run = await tailgate("explain", "--head", "etag", "--budget", "30s", "--json");
  expect(run.code, run.stderr).toBe(0);
  expect(run.stderr).toContain("`etagOf`: new; 0 -> 1 calls a request");
  const { named, profiles } = JSON.parse(run.stdout) as Explanation;
  expect(named.find(({ name }) => name === "etagOf")).toMatchObject({
    file: "server.mjs",
    line: 7,
    kind: "new",
    origin: "repository",
    calls: { baseline: 0, candidate: 1 },
  });
  for (const path of profiles) expect(existsSync(join(temporary, "explain", path)), path).toBe(true);
  expect(readFileSync(join(temporary, "explain/profiles/head.folded"), "utf8")).toContain(
    "etagOf (server.mjs:7)",
  );
  expect(markedProcesses(temporary)).toEqual([]);
  expect(runFolders(temporary)).toEqual([]);
});

test("a red run ends with its verdict and with the function that makes it red, in every report", async () => {
  const run = await tailgate("run", "--head", "slow", "--budget", "80s");
  expect(run.code, run.stderr).toBe(1);
  const file = (name: string): string => readFileSync(join(temporary, "run", name), "utf8");
  const { verdict, explanation, blocks } = parseResultText(file("result.json"));
  expect(verdict).toBe("regression");
  expect(explanation).toMatchObject({ finding: "functions", arm: "head", scenario: "rows" });
  expect(explanation!.named[0]).toMatchObject({ name: "etagOf", calls: { baseline: 0, candidate: 1 } });
  // Blocks that explain are none of those that were judged.
  expect(file("blocks.ndjson").trim().split("\n")).toHaveLength(blocks.length);
  for (const text of [run.stderr, file("report.md"), file("report.html")]) {
    expect(text).toContain("Why it is slower");
    expect(text).toMatch(/etagOf(?:`|<\/code>).*0 -(?:>|&gt;|&#62;) 1 calls a request/);
  }
  for (const path of explanation!.profiles) expect(existsSync(join(temporary, "run", path)), path).toBe(true);
  expect(markedProcesses(temporary)).toEqual([]);
  expect(runFolders(temporary)).toEqual([]);
});

test("a scenario that is not there is an error that names those that are", async () => {
  const run = await tailgate("explain", "--head", "etag", "--scenario", "row");
  expect(run.code).toBe(2);
  expect(run.stderr).toContain('There is no scenario "row"; did you mean `rows`?');
});
