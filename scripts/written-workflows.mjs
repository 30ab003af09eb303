// Workflows as `tailgate init` writes them for each example: for one repository, for forks, on several machines, and against the
// last release.
import { execFileSync } from "node:child_process";
import { cpSync, existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

/** @returns {{ name: string, text: string }[]} by the dist/ of this folder; `name` is a file name of its own for each */
export function writtenWorkflows(root) {
  const examples = readdirSync(join(root, "examples")).filter((name) =>
    existsSync(join(root, "examples", name, "tailgate.yml")),
  );
  const kinds = [[], ["--forks"], ["--shards", "4"], ["--shards", "4", "--forks"]];
  return examples.flatMap((example) => kinds.flatMap((flags) => written(root, example, flags)));
}

function written(root, example, flags) {
  const folder = mkdtempSync(join(tmpdir(), "tailgate-init-"));
  try {
    // Without what is installed there, and without the file that init would keep.
    const filter = (path) => !/\/(?:node_modules|target|\.venv|workflow\.yml)$/.test(path);
    cpSync(join(root, "examples", example), folder, { recursive: true, filter });
    execFileSync("git", ["init", "--quiet", folder]);
    const given = ["init", "--yes", "--no-try", "--start", "./start", "--release", ...flags];
    execFileSync(process.execPath, [join(root, "dist", "cli.js"), ...given], { cwd: folder, stdio: "pipe" });
    const workflows = join(folder, ".github", "workflows");
    return readdirSync(workflows).map((name) => ({
      name: [example, ...flags, name].join("-"),
      text: readFileSync(join(workflows, name), "utf8"),
    }));
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
