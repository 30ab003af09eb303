// Records the run that the samples of the reporters' tests vary: node scripts/record-run.mjs (about two minutes)
//
// The demo's base commit, a head that differs by a comment, and a control: twelve blocks of two scenarios without any
// change, so that whatever a sample shows beyond their noise is what the sample put there.
import { execFileSync, spawnSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fromSource, root } from "./from-source.mjs";

const { BASE_SERVER } = await fromSource(`export { BASE_SERVER } from "./src/demo/service.js"`);
const target = join(root, "test", "reporters", "fixtures", "recorded-run.json");

const CONFIG = `service:
  start: node server.js
  ready: { path: /health }
scenarios:
  - name: list users
    path: /orders
  - name: one user
    path: /health
experiment: { budget: 3m, control: true, seed: 42 }
`;

const folder = mkdtempSync(join(tmpdir(), "record-run-"));
try {
  const git = (...words) =>
    execFileSync("git", ["-c", "user.name=Test", "-c", "user.email=test@example.com", ...words], {
      cwd: folder,
    });
  const commit = (files) => {
    for (const [name, content] of Object.entries(files)) writeFileSync(join(folder, name), content);
    git("add", "--all");
    git("commit", "--quiet", "--message", "change");
  };
  git("init", "--quiet", "--initial-branch=main");
  commit({ "server.js": BASE_SERVER, "package.json": '{ "type": "module" }\n', "tailgate.yml": CONFIG });
  commit({ "server.js": `// Lists orders.\n${BASE_SERVER}` });
  const words = ["run", "--base", "HEAD~1", "--head", "HEAD", "--out", "out"];
  const { status } = spawnSync(process.execPath, [join(root, "dist", "cli.js"), ...words], {
    cwd: folder,
    stdio: "inherit",
  });
  if (status !== 0 && status !== 3) throw new Error(`the run ended with ${status}`);
  writeFileSync(target, readFileSync(join(folder, "out", "result.json")));
} finally {
  rmSync(folder, { recursive: true, force: true });
}
