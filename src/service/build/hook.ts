import { dirname } from "node:path";

import { TailgateError } from "../../error.js";
import { folderInside } from "../../files/folder-inside.js";
import { makeFolder } from "../../files/make-folder.js";
import type { SpawnedProcess } from "../lifecycle/running-service.js";
import type { Exit } from "../process/exit.js";
import { withArm } from "../process/child-environment.js";
import { startCommand, type StartedCommand } from "../process/started-command.js";
import { refuseUnsupportedSystem } from "../lifecycle/supported-system.js";

/** A command that is run to its end: a build, a setup or a reset. */
export interface HookOptions {
  readonly kind:
    | "build"
    | "image"
    | "dockerfile"
    | "compose-config"
    | "compose-build"
    | "compose"
    | "setup"
    | "setup-once"
    | "reset"
    | "redeploy";
  readonly arm: string;
  readonly command: string;
  /** Absolute path of the checkout, and the folder in it. */
  readonly checkout: string;
  readonly cwd: string;
  readonly environment: Readonly<Record<string, string | undefined>>;
  /** `service.env` */
  readonly added: Readonly<Record<string, string>>;
  readonly runId: string;
  readonly logFile: string;
  readonly timeoutMs: number;
  readonly signal?: AbortSignal;
  readonly onSpawn?: (process: SpawnedProcess) => void;
}

export interface HookReport {
  readonly durationMs: number;
  readonly logFile: string;
  readonly logTail: string;
}

const TRIM_MS = 100;
const LEAVES_WHAT_RUNS: ReadonlySet<HookOptions["kind"]> = new Set(["setup", "setup-once", "reset"]);

/**
 * Runs a hook. What a build leaves running is ended with it; what setup or reset leave, such as a database, lives until
 * the run is swept.
 *
 * @throws TailgateError `service` with the end of its output when it fails or takes too long; it is ended then.
 */
export async function runHook(options: HookOptions): Promise<HookReport> {
  refuseUnsupportedSystem(process.platform);
  options.signal?.throwIfAborted();
  const began = performance.now();
  const cwd = await folderInside(options.checkout, options.cwd);
  makeFolder(dirname(options.logFile));
  const started = await startCommand({
    ...options,
    command: withArm(options.command, options.arm),
    what: `${options.kind} of ${options.arm}`,
    cwd,
    place: null,
    processors: null,
    cgroup: false,
    onSpawn: options.onSpawn,
  });
  const exit = await exitWithin(started, options);
  const logTail = started.tail();
  const done = exit !== "late" && exit !== "cancelled" && exit.code === 0;
  if (done && LEAVES_WHAT_RUNS.has(options.kind)) started.leave();
  else await started.end(done ? 1000 : undefined);

  if (exit === "cancelled") throw options.signal!.reason;
  if (done) return { durationMs: performance.now() - began, logFile: options.logFile, logTail };
  const how =
    exit === "late" ? `did not end within ${options.timeoutMs / 1000} s` : started.describeExit(null)!;
  throw new TailgateError(
    "service",
    `${options.arm}: ${OF_ENGINE[options.kind]?.doing ?? options.kind} ${how}${logTail === "" ? "; it printed nothing" : `\nThe end of its output:\n${logTail}`}`,
    hintFor(options, exit === "late"),
  );
}

/** Of what Tailgate asks an engine for: what it was about, and what to do where that fails or takes too long. */
const OF_ENGINE: Partial<
  Record<HookOptions["kind"], { readonly doing: string; readonly hint: string; readonly lateHint?: string }>
> = {
  image: {
    doing: "pulling its image",
    hint: "Check the name in service.image; for a private registry log in before (docker/login-action), or build it with service.dockerfile.",
  },
  dockerfile: {
    doing: "building its image",
    hint: "The Dockerfile of service.dockerfile must build in a clean checkout.",
    lateHint: "Give the build of service.dockerfile longer with service.build-timeout.",
  },
  "compose-config": {
    doing: "reading its compose file",
    hint: "`docker compose config` must work in a clean checkout, in which nothing lies that git ignores, such as .env. Variables of the file come from the job and from service.env.",
  },
  "compose-build": {
    doing: "building the images of its compose file",
    hint: "`docker compose build` must work in a clean checkout.",
    lateHint: "Give the build of the compose file longer with service.build-timeout.",
  },
  compose: {
    doing: "starting what the service depends on",
    hint: "`docker compose up` must work in a clean checkout; for a private registry log in before (docker/login-action).",
    lateHint: "Give images longer to be pulled with service.build-timeout.",
  },
};

function hintFor({ kind, command }: HookOptions, late: boolean): string {
  const ofEngine = OF_ENGINE[kind];
  if (ofEngine !== undefined) return (late ? ofEngine.lateHint : undefined) ?? ofEngine.hint;
  const name = JSON.stringify(command.length > 100 ? `${command.slice(0, 97)}...` : command);
  if (!late) return `service.${kind} is ${name}: it must end with code 0 in a clean checkout.`;
  return kind === "build"
    ? `service.build is ${name}: it must end by itself; give it longer with service.build-timeout if it needs it.`
    : `service.${kind} is ${name}: it must end by itself.`;
}

async function exitWithin(
  started: StartedCommand,
  options: HookOptions,
): Promise<Exit | "late" | "cancelled"> {
  const { signal } = options;
  let settle: (why: "late" | "cancelled") => void;
  const interrupted = new Promise<"late" | "cancelled">((resolve) => {
    settle = resolve;
  });
  const cancel = (): void => {
    settle("cancelled");
  };
  const limit = setTimeout(() => {
    settle("late");
  }, options.timeoutMs);
  const trimming = setInterval(() => {
    started.log.trim();
  }, TRIM_MS);
  signal?.addEventListener("abort", cancel, { once: true });
  if (signal?.aborted === true) cancel();
  try {
    return await Promise.race([started.exited, interrupted]);
  } finally {
    clearTimeout(limit);
    clearInterval(trimming);
    signal?.removeEventListener("abort", cancel);
  }
}
