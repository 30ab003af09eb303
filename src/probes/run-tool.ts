import { spawn } from "node:child_process";
import { lastLine } from "../text/lines.js";

/** What became of a tool of the system. */
export type ToolRun =
  | { readonly kind: "done"; readonly output: string }
  | { readonly kind: "missing" }
  /** `why`: the last line that it wrote for people. */
  | { readonly kind: "failed"; readonly why: string };

/** Nothing that is asked here writes more for a service that is looked into with sense. */
const MOST_OUTPUT_BYTES = 512 * 1024 * 1024;

/** Tools get no variables of the job: some of them load what a variable names. Go wants a place for its own settings. */
export function toolEnvironment(): Record<string, string> {
  return {
    PATH: process.env["PATH"] ?? "/usr/bin:/bin",
    HOME: process.env["HOME"] ?? "/",
    LC_ALL: "C",
    PERF_CONFIG: "/dev/null",
    GOTOOLCHAIN: "local",
  };
}

/** Runs a tool to its end, gives it `input`, and takes what it prints. */
export function runTool(
  tool: string,
  flags: readonly string[],
  { withinMs, input = "" }: { readonly withinMs: number; readonly input?: string },
): Promise<ToolRun> {
  return new Promise((resolve) => {
    const child = spawn(tool, flags, { env: toolEnvironment(), stdio: "pipe" });
    const pieces: Buffer[] = [];
    let bytes = 0;
    let said = "";
    let ended: string | null = null;
    const end = (why: string): void => {
      ended ??= why;
      child.kill("SIGKILL");
    };
    const timer = setTimeout(() => {
      end(`it took longer than ${withinMs / 1000} s`);
    }, withinMs);
    child.stdout.on("data", (piece: Buffer) => {
      pieces.push(piece);
      bytes += piece.length;
      if (bytes > MOST_OUTPUT_BYTES) end("it printed too much");
    });
    child.stderr.on("data", (piece: Buffer) => {
      said = (said + piece.toString()).slice(-4000);
    });
    // It may end before it has read all.
    child.stdin.on("error", () => undefined);
    child.stdin.end(input);
    child.on("error", (error: NodeJS.ErrnoException) => {
      clearTimeout(timer);
      resolve(error.code === "ENOENT" ? { kind: "missing" } : { kind: "failed", why: error.message });
    });
    child.on("close", (code) => {
      clearTimeout(timer);
      if (code === 0 && ended === null)
        resolve({ kind: "done", output: Buffer.concat(pieces).toString("utf8") });
      else resolve({ kind: "failed", why: ended ?? lastLine(said) ?? `it ended with code ${code}` });
    });
  });
}
