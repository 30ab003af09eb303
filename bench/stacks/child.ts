import { type ChildProcess, type SpawnOptions, spawn } from "node:child_process";

/** A program of ours that must not outlive us. */
export interface Child {
  readonly child: ChildProcess;
  /** Its exit code; `null` when a signal ended it. Rejects when it could not be started. */
  readonly ended: Promise<number | null>;
}

/** Starts a script on the Node.js that runs this. */
export function startChild(command: readonly string[], options: SpawnOptions): Child {
  const child = spawn(process.execPath, command, options);
  const end = (): void => {
    child.kill("SIGINT");
  };
  process.once("exit", end);
  const ended = new Promise<number | null>((resolve, reject) => {
    child.once("error", reject);
    child.once("close", resolve);
  }).finally(() => process.off("exit", end));
  return { child, ended };
}

/** Lets what `startChild` started end with us when we are told to end. */
export function endOnSignals(): void {
  for (const signal of ["SIGINT", "SIGTERM"] as const) process.once(signal, () => process.exit(130));
}
