import { execFileSync } from "node:child_process";
import { copyFileSync, mkdirSync } from "node:fs";
import { dirname, join } from "node:path";

/** Copies what git knows or would take: no build of it. */
export function copyExample(example: string, folder: string): void {
  const files = execFileSync("git", ["ls-files", "-z", "--cached", "--others", "--exclude-standard"], {
    cwd: example,
    encoding: "utf8",
  });
  for (const path of files.split("\0").filter((name) => name !== "")) {
    mkdirSync(dirname(join(folder, path)), { recursive: true });
    copyFileSync(join(example, path), join(folder, path));
  }
}
