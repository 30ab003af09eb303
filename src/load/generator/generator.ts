import { spawn, type ChildProcess } from "node:child_process";
import { fileURLToPath } from "node:url";
import { TailgateError } from "../../error.js";
import { endedBySignal, GeneratorGone } from "./generator-gone.js";
import type { Reply, Request } from "./messages.js";
import type { LoadGenerator, Phase, PhaseResult, RequestProfile, Target } from "../phase.js";
import type { Session } from "../requests/session.js";
import { Assembly } from "./transfer.js";

export interface GeneratorOptions {
  /** Processor list for `taskset`, such as "0"; `null`: not placed. */
  readonly processors: string | null;
  /**
   * Whether it may wait awake for the next arrival, on processors of its own. It then takes one whole processor, so the
   * service and its neighbours, such as a database, must have enough without that one. Default: it may not.
   */
  readonly mayWaitAwake?: boolean;
  /** The generator's bundle; by default the one beside the running bundle. */
  readonly entry?: string;
}

const FLAGS = [
  // The process collects its garbage while it hands over samples, so that a million of them stay under 100 MB.
  "--expose-gc",
  // It has one processor: helpers of the garbage collector would only keep the one waiting that sends.
  "--single-threaded-gc",
  // MB. A collection takes as long as there are streams of HTTP/2 to take away, and whatever comes meanwhile is read late.
  // So there are many short ones.
  "--max-semi-space-size=2",
];
const READY_WITHIN_MS = 15_000;
const STOP_WITHIN_MS = 2000;
/** From a channel that broke to the exit of the process behind it. */
const EXIT_WITHIN_MS = 2000;

interface Place {
  readonly processors: string | null;
  readonly mayWaitAwake: boolean;
}

/** Starts the generator process: on its own processors where possible, else on any. */
export async function startGenerator(options: GeneratorOptions): Promise<LoadGenerator> {
  const entry = options.entry ?? fileURLToPath(new URL("./generator.cjs", import.meta.url));
  const { processors } = options;
  if (processors !== null) {
    try {
      const place = { processors, mayWaitAwake: options.mayWaitAwake ?? false };
      return await launch("taskset", ["-c", processors, process.execPath, ...FLAGS, entry], place);
    } catch {
      // There is no taskset, or none of these processors: the generator runs unplaced.
    }
  }
  return launch(process.execPath, [...FLAGS, entry], { processors: null, mayWaitAwake: false });
}

async function launch(command: string, args: readonly string[], place: Place): Promise<LoadGenerator> {
  const child = spawn(command, args, {
    // The process has its own group, so that a Ctrl-C reaches it only through us. It ends with its channel to us.
    detached: true,
    env: {},
    stdio: ["ignore", "ignore", "pipe", "ipc"],
    serialization: "advanced",
  });
  let errors = "";
  child.stderr!.setEncoding("utf8").on("data", (text: string) => {
    errors = (errors + text).slice(-4000);
  });
  const ended = new Promise<Error>((resolve) => {
    // What could not be started has no exit. Writing to a process that has just ended is an error as well, and may be
    // one more; its exit, which tells how it ended, comes a moment later.
    child.on("error", (error) => {
      const why = new Error(`The load generator is gone: ${error.message}.\n${errors}`);
      if (child.pid === undefined) resolve(why);
      else setTimeout(resolve, EXIT_WITHIN_MS, why).unref();
    });
    child.once("exit", (code, signal) => {
      resolve(
        signal === null
          ? new Error(`The load generator is gone: it ended with code ${code}.\n${errors}`)
          : new GeneratorGone(endedBySignal(signal)),
      );
    });
  });
  const generator = new Generator(child, ended, place);
  try {
    await generator.ready;
  } catch (error) {
    child.kill("SIGKILL");
    throw error;
  }
  return generator;
}

/** What a request was for: a phase has a result, a login a session. */
type Given = PhaseResult | Session | null;

interface Waiting {
  readonly resolve: (given: Given) => void;
  readonly reject: (error: Error) => void;
  readonly onProgress: ((ended: number) => void) | undefined;
  readonly assembly: Assembly;
}

class Generator implements LoadGenerator {
  readonly pid: number;
  readonly processors: string | null;
  readonly ready: Promise<void>;
  readonly #mayWaitAwake: boolean;
  readonly #child: ChildProcess;
  readonly #ended: Promise<Error>;
  readonly #waiting = new Map<number, Waiting>();
  #lastId = 0;
  #over: Error | null = null;
  #stopping = false;

  constructor(child: ChildProcess, ended: Promise<Error>, place: Place) {
    this.#child = child;
    this.#ended = ended;
    this.pid = child.pid ?? 0;
    this.processors = place.processors;
    this.#mayWaitAwake = place.mayWaitAwake;
    this.ready = new Promise((resolve, reject) => {
      const timer = setTimeout(() => {
        reject(notStarted());
      }, READY_WITHIN_MS);
      child.on("message", (reply: Reply) => {
        if (reply.type === "ready") {
          clearTimeout(timer);
          resolve();
        } else {
          this.#receive(reply);
        }
      });
      void ended.then((why) => {
        clearTimeout(timer);
        this.#over = this.#stopping
          ? new TailgateError("load", "The load generator was stopped.", "The run was cancelled.")
          : why;
        reject(this.#over);
        for (const { reject: fail } of this.#waiting.values()) fail(this.#over);
        this.#waiting.clear();
      });
    });
    // Where nobody waits for it any more, the next call reports its end.
    this.ready.catch(() => undefined);
  }

  async run(phase: Phase, signal?: AbortSignal, onProgress?: (ended: number) => void): Promise<PhaseResult> {
    signal?.throwIfAborted();
    const id = ++this.#lastId;
    const abort = (): void => {
      if (this.#over === null) this.#child.send({ type: "abort", id } satisfies Request);
    };
    signal?.addEventListener("abort", abort);
    try {
      const result = await this.#ask(
        { type: "run", id, phase, mayWaitAwake: this.#mayWaitAwake },
        onProgress,
      );
      return result as PhaseResult;
    } catch (error) {
      signal?.throwIfAborted();
      throw error;
    } finally {
      signal?.removeEventListener("abort", abort);
    }
  }

  async logIn(target: Target, profile: RequestProfile, signal?: AbortSignal): Promise<Session> {
    signal?.throwIfAborted();
    return (await this.#ask({ type: "log-in", id: ++this.#lastId, target, profile }, undefined)) as Session;
  }

  async disconnect(): Promise<void> {
    if (this.#over === null) await this.#ask({ type: "disconnect", id: ++this.#lastId }, undefined);
  }

  async stop(): Promise<void> {
    this.#stopping = true;
    if (this.#over === null && this.#child.connected) this.#child.disconnect();
    const timer = setTimeout(() => this.#child.kill("SIGKILL"), STOP_WITHIN_MS);
    await this.#ended;
    clearTimeout(timer);
  }

  #ask(request: Request, onProgress: Waiting["onProgress"]): Promise<Given> {
    return new Promise((resolve, reject) => {
      if (this.#over !== null) {
        reject(this.#over);
        return;
      }
      this.#waiting.set(request.id, { resolve, reject, onProgress, assembly: new Assembly() });
      this.#child.send(request);
    });
  }

  #receive(reply: Exclude<Reply, { type: "ready" }>): void {
    const waiting = this.#waiting.get(reply.id);
    if (waiting === undefined) return;
    if (reply.type === "progress") {
      waiting.onProgress?.(reply.ended);
      return;
    }
    if (reply.type === "piece") {
      waiting.assembly.take(reply);
      return;
    }
    this.#waiting.delete(reply.id);
    switch (reply.type) {
      case "result":
        waiting.resolve(waiting.assembly.finish(reply.result));
        return;
      case "session":
        waiting.resolve(reply.session);
        return;
      case "disconnected":
        waiting.resolve(null);
        return;
      case "refused":
        waiting.reject(new TailgateError(reply.code, reply.message, reply.hint));
        return;
      case "broken":
        waiting.reject(new Error(`The load generator failed: ${reply.stack}`));
        return;
    }
  }
}

function notStarted(): TailgateError {
  return new TailgateError(
    "load",
    `the load generator did not start within ${READY_WITHIN_MS / 1000} s`,
    "Something keeps this machine busy: measure where it is quieter.",
  );
}
