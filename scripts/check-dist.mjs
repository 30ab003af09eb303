// Fails when dist/ is not what src/ builds to.
import { execFileSync } from "node:child_process";
import { mkdtempSync, readFileSync, readdirSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

const fresh = mkdtempSync(join(tmpdir(), "tailgate-dist-"));
try {
  execFileSync(process.execPath, ["scripts/build.mjs", fresh], { stdio: "inherit" });
  const names = [...new Set([...readdirSync("dist"), ...readdirSync(fresh)])].sort();
  const different = names.filter((name) => contentOf("dist", name) !== contentOf(fresh, name));
  if (different.length > 0) {
    console.error(
      `dist/ does not match src/: ${different.join(", ")}. Run \`npm run build\` and commit dist/.`,
    );
    process.exitCode = 1;
  } else {
    console.log(`dist/ matches src/ (${names.length} files).`);
  }
} finally {
  rmSync(fresh, { recursive: true, force: true });
}

function contentOf(folder, name) {
  try {
    return readFileSync(join(folder, name), "latin1");
  } catch {
    return null;
  }
}
