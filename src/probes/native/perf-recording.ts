import { spawn, type ChildProcess } from "node:child_process";
import type { Readable, Writable } from "node:stream";
import { lastLine } from "../../text/lines.js";
import { runTool, toolEnvironment } from "../run-tool.js";
import { parsePerfScript, PERF_SCRIPT_FIELDS, type PerfStack } from "./perf-script.js";

/** `perf record` on some processes, which waits until it is told to begin. */
export interface PerfRecording {
  begin(): Promise<void>;
  /** Ends the recording and reads it. */
  end(): Promise<readonly PerfStack[]>;
  /** Safe to call at any time, and twice. */
  kill(): void;
}

/** Why there is no recording. */
export type PerfRefusal =
  | { readonly kind: "missing" }
  /** By the system's settings, or because the processes are another user's. */
  | { readonly kind: "forbidden" }
  | { readonly kind: "failed"; readonly why: string };

/** How `perf` finds the callers of sampled code: Go keeps frame pointers, what others leave on their stacks is unwound. */
export type CallGraph = "fp" | "dwarf";

interface RecordingOptions {
  readonly processes: readonly number[];
  readonly callGraph: CallGraph;
  readonly samplesPerSecond: number;
  /** Where the samples go. */
  readonly file: string;
}

const READY_WITHIN_MS = 20_000;
const READ_WITHIN_MS = 120_000;
const FORBIDDEN = /perf_event_paranoid|limited|not permitted|permission|EACCES|EPERM/i;

/**
 * Starts `perf record` without sampling yet. It samples by the CPU clock of each thread, which needs no counters of the
 * processor, so that it works in virtual machines.
 */
export async function openPerfRecording({
  processes,
  callGraph,
  samplesPerSecond,
  file,
}: RecordingOptions): Promise<PerfRecording | PerfRefusal> {
  const child = spawn(
    "perf",
    [
      ...["record", "--event=cpu-clock", `--freq=${samplesPerSecond}`, `--call-graph=${callGraph}`],
      ...["--delay=-1", "--control=fd:3,4", "--no-buildid", "--no-buildid-cache"],
      ...[`--output=${file}`, `--pid=${processes.join(",")}`],
    ],
    { env: toolEnvironment(), stdio: ["ignore", "ignore", "pipe", "pipe", "pipe"] },
  );
  const control = new PerfControl(child);
  try {
    await control.ask("ping");
  } catch {
    child.kill("SIGKILL");
    if (control.isMissing) return { kind: "missing" };
    if (FORBIDDEN.test(control.said)) return { kind: "forbidden" };
    return { kind: "failed", why: lastLine(control.said) ?? "it did not begin" };
  }
  return {
    begin: () => control.ask("enable"),
    async end() {
      await control.ask("disable");
      await control.finish();
      const flags = ["script", "--no-inline", `--fields=${PERF_SCRIPT_FIELDS}`, `--input=${file}`];
      const run = await runTool("perf", flags, { withinMs: READ_WITHIN_MS });
      if (run.kind !== "done")
        throw new Error(`perf script ${run.kind === "failed" ? run.why : "is missing"}`);
      return parsePerfScript(run.output);
    },
    kill: () => {
      child.kill("SIGKILL");
    },
  };
}

/** Commands to a running `perf record`, which answers each. Source: perf-record(1), "--control". */
class PerfControl {
  readonly #ended: Promise<void>;
  readonly #commands: Writable;
  #answer: (() => void) | null = null;
  #error: NodeJS.ErrnoException | null = null;
  /** What it wrote for people. */
  said = "";

  constructor(child: ChildProcess) {
    const [, , errors, commands, answers] = child.stdio as [unknown, unknown, Readable, Writable, Readable];
    this.#commands = commands;
    errors.on("data", (piece: Buffer) => {
      this.said = (this.said + piece.toString()).slice(-4000);
    });
    commands.on("error", () => undefined);
    answers.on("error", () => undefined);
    answers.on("data", () => this.#answer?.());
    this.#ended = new Promise((resolve) => {
      child.on("error", (error) => {
        this.#error = error;
        resolve();
      });
      child.on("close", resolve);
    });
  }

  get isMissing(): boolean {
    return this.#error?.code === "ENOENT";
  }

  /** @throws Error when it ends, or does not answer in time */
  async ask(command: "ping" | "enable" | "disable"): Promise<void> {
    const answered = new Promise<boolean>((resolve) => {
      this.#answer = () => {
        resolve(true);
      };
    });
    this.#commands.write(`${command}\n`);
    const gone = this.#ended.then(() => false);
    if (!(await within(READY_WITHIN_MS, Promise.race([answered, gone])))) {
      throw new Error(`perf record ended: ${lastLine(this.said) ?? "it did not say why"}`);
    }
  }

  /** Lets it write its file to the end. */
  async finish(): Promise<void> {
    this.#commands.write("stop\n");
    await within(READY_WITHIN_MS, this.#ended);
  }
}

async function within<T>(ms: number, result: Promise<T>): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => {
      reject(new Error(`perf did not answer within ${ms / 1000} s`));
    }, ms);
  });
  try {
    return await Promise.race([result, late]);
  } finally {
    clearTimeout(timer);
  }
}
