import { existsSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import type { Explanation } from "../../src/model/explanation.js";
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
      "service: { start: node server.mjs }\nscenarios: [{ name: rows, path: / }]\nload: { rate: 200, requests: 100, warmup: 100 }\n",
  });
  repository.git("checkout", "--quiet", "-b", "etag");
  repository.commit({ "server.mjs": SLOWER });
});
afterAll(() => {
  repository.remove();
  rmSync(temporary, { recursive: true, force: true });
});

function explain(...flags: string[]): Promise<Ended> {
  return ended(
    process.execPath,
    [join(bundles(), "cli.js"), "explain", "--out", join(temporary, "out"), "--base", "main", ...flags],
    { cwd: repository.folder, env: { ...plainEnvironment(), RUNNER_TEMP: temporary } },
  );
}

test("the command names the function that head has and base has not, with its exact calls, and leaves nothing running", async () => {
  const run = await explain("--head", "etag", "--budget", "20s", "--json");
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
  for (const path of profiles) expect(existsSync(join(temporary, "out", path)), path).toBe(true);
  expect(readFileSync(join(temporary, "out/profiles/head.folded"), "utf8")).toContain(
    "etagOf (server.mjs:7)",
  );
  expect(markedProcesses(temporary)).toEqual([]);
  expect(runFolders(temporary)).toEqual([]);
});

test("a scenario that is not there is an error that names those that are", async () => {
  const run = await explain("--head", "etag", "--scenario", "row");
  expect(run.code).toBe(2);
  expect(run.stderr).toContain('There is no scenario "row"; did you mean `rows`?');
});
