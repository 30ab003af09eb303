// Runs zizmor over every workflow: our own, action.yml, those in the documentation, and those that `tailgate init` writes.
//
//   pipx install zizmor==1.32.0 && npm run check:workflows
//
// Without zizmor it says so and passes; with --require it fails. Set ZIZMOR to use a binary that is not in PATH.
import { spawnSync } from "node:child_process";
import { cpSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { documentedWorkflows } from "./documented-workflows.mjs";
import { writtenWorkflows } from "./written-workflows.mjs";

const zizmor = process.env.ZIZMOR ?? "zizmor";
const version = spawnSync(zizmor, ["--version"], { encoding: "utf8" });
if (version.status !== 0) {
  const required = process.argv.includes("--require");
  console.error(
    `zizmor is not installed (pipx install zizmor==1.32.0)${required ? "" : "; nothing was checked"}.`,
  );
  process.exit(required ? 1 : 0);
}

const folder = mkdtempSync(join(tmpdir(), "tailgate-workflows-"));
const workflows = join(folder, ".github", "workflows");
try {
  mkdirSync(workflows, { recursive: true });
  cpSync(join(".github", "workflows"), workflows, { recursive: true });
  cpSync("action.yml", join(folder, "action.yml"));
  const documented = documentedWorkflows(process.cwd());
  for (const { file, line, text } of documented) {
    writeFileSync(join(workflows, `documented-${file.replaceAll(/[/.]/g, "-")}-${line}.yml`), text);
  }
  const written = writtenWorkflows(process.cwd());
  for (const { name, text } of written) writeFileSync(join(workflows, `written-${name}`), text);
  console.error(
    `${version.stdout.trim()}: our own workflows, action.yml, ${documented.length} from the documentation, ${written.length} that \`tailgate init\` writes`,
  );
  const config = join(process.cwd(), ".github", "zizmor.yml");
  const run = spawnSync(
    zizmor,
    ["--offline", "--persona=pedantic", "--config", config, "--collect=all", folder],
    { stdio: "inherit" },
  );
  process.exitCode = run.status ?? 1;
} finally {
  rmSync(folder, { recursive: true, force: true });
}
