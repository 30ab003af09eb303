import { setImmediate as nextTurn } from "node:timers/promises";
import { logLine, withoutCommands } from "../text/log-text.js";
import type { OutputStream, Streams } from "./terminal/streams.js";

/** Exit code where something could not be measured, or where nobody could be told of what was. */
const NOT_TOLD = 2;

/** The highest code by which a command says what it found; those above tell of a signal. */
const HIGHEST_FINDING = 3;

/**
 * Standard output and standard error of this process: the one place that writes to them and decides the exit code. A
 * reader that goes away, or a disk that is full, stops neither a run nor its clean-up.
 */
export interface Output {
  readonly streams: Streams;
  /**
   * Waits until everything is written.
   *
   * @param code - what the command found
   * @returns the code to leave with: 2 where the result could not be handed over
   */
  exitCode(code: number): Promise<number>;
}

/**
 * Takes over the streams of this process.
 *
 * Without a listener Node ends a process whose output breaks, and every process with an unforeseen error, with code 1:
 * that code belongs to regressions.
 *
 * @param bug - prints an error that nobody caught, and gives the exit code
 */
export function ownOutput(
  { stdin, stdout, stderr }: Pick<NodeJS.Process, "stdin" | "stdout" | "stderr">,
  bug: (error: unknown) => number,
): Output {
  const out = new OwnStream(stdout);
  // What people read lands in the log of a job, where a line may command the runner; results are data.
  const err = new OwnStream(stderr, withoutCommands);
  process.on("uncaughtException", (error) => {
    // Who has something to clean up listens as well, and ends it first.
    if (process.listenerCount("uncaughtException") > 1) return;
    process.exit(bug(error));
  });
  return {
    streams: { stdin, stdout: out, stderr: err },
    async exitCode(code) {
      await Promise.all([out.written(), err.written()]);
      // Results go to standard output; a command that writes none tells people on standard error.
      const { name, fault } = out.used
        ? { name: "standard output", fault: out.fault }
        : { name: "standard error", fault: err.fault };
      if (fault === null || code > HIGHEST_FINDING) return code;
      err.write(`tailgate: the result could not be written to ${name}: ${logLine(fault.message)}\n`);
      return NOT_TOLD;
    },
  };
}

class OwnStream implements OutputStream {
  #used = false;
  #fault: Error | null = null;

  constructor(
    private readonly stream: NodeJS.WriteStream,
    private readonly clean: (text: string) => string = (text) => text,
  ) {
    stream.on("error", (error) => {
      this.#fault ??= error;
    });
  }

  /** Whether anything was to be written. */
  get used(): boolean {
    return this.#used;
  }

  /** Why something could not be written; `null`: everything was. */
  get fault(): Error | null {
    return this.#fault;
  }

  get isTTY(): boolean {
    return this.stream.isTTY;
  }

  get columns(): number | undefined {
    return this.stream.columns;
  }

  write(text: string): boolean {
    this.#used = true;
    if (this.#fault !== null) return false;
    try {
      return this.stream.write(this.clean(text));
    } catch (error) {
      // Older versions of Node throw where a file takes no more.
      this.#fault = error as Error;
      return false;
    }
  }

  async written(): Promise<void> {
    if (this.#fault !== null || this.stream.writableLength === 0) await nextTurn();
    else
      await new Promise<void>((resolve) =>
        this.stream.write("", () => {
          resolve();
        }),
      );
    await nextTurn();
  }
}
