import { setTimeout as sleep } from "node:timers/promises";

import { cgroupPrefix, makeCgroup, type OwnCgroup } from "./cgroup.js";
import { endMembers, type Ending } from "./end-members.js";
import { childEnvironment, markOf } from "./environment.js";
import { LogFile } from "./log-file.js";
import { membersOf, type Members } from "./members.js";
import { readStat } from "./proc.js";
import { redact, secretsOf } from "./redact.js";
import type { SpawnedProcess } from "./service.js";
import { spawnCommand } from "./spawn-command.js";

/** How a process ended; one of the two is `null`. */
export interface Exit {
  readonly code: number | null;
  readonly signal: string | null;
}

export interface CommandOptions {
  readonly runId: string;
  /** Names it in its mark: an arm, or a hook of one. */
  readonly what: string;
  readonly command: string;
  readonly cwd: string;
  readonly environment: Readonly<Record<string, string | undefined>>;
  readonly added: Readonly<Record<string, string>>;
  readonly port: number | null;
  readonly processors: string | null;
  readonly logFile: string;
  /** Whether to try for a control group. */
  readonly cgroup: boolean;
  readonly onSpawn: ((process: SpawnedProcess) => void) | undefined;
}

/** A command of ours that was started, with everything that comes from it. */
export interface StartedCommand {
  readonly pid: number;
  readonly members: Members;
  readonly cgroup: OwnCgroup | null;
  readonly log: LogFile;
  /** Resolves when the process we started ends, for whatever reason. */
  readonly exited: Promise<Exit>;
  exit(): Exit | null;
  /** The last lines of its output, fit to be printed: secrets masked, control characters gone. */
  tail(lines?: number): string;
  /** Ends all processes and closes the log. */
  end(graceMs?: number): Promise<Ending>;
  /** Closes the log and lets processes live on: they carry the mark of the run, which ends them. */
  leave(): void;
}

let starts = 0;

/** Starts a command through the shell: own session, cleaned and marked environment, output to a bounded log. */
export async function startCommand(options: CommandOptions): Promise<StartedCommand> {
  const start = ++starts;
  const mark = markOf(options.runId, options.what, start);
  const environment = childEnvironment({ ...options, mark });
  const secrets = secretsOf(environment);
  const clean = (text: string): string => redact(text, secrets);
  const log = new LogFile(options.logFile);
  const cgroup = options.cgroup ? makeCgroup(`${cgroupPrefix(options.runId)}${process.pid}-${start}`) : null;
  const child = await spawnCommand({
    ...options,
    environment,
    output: log.descriptor,
    cgroupProcsFile: cgroup?.procsFile ?? null,
  }).catch((error: unknown) => {
    log.close();
    cgroup?.remove();
    throw error;
  });
  let exit: Exit | null = null;
  const exited = new Promise<Exit>((resolve) => {
    child.once("exit", (code, signal) => {
      exit = { code, signal };
      resolve(exit);
    });
  });
  options.onSpawn?.({ pid: child.pid, startTime: readStat(child.pid)?.startTime ?? null });
  const members = membersOf(child.pid, mark, cgroup);
  return {
    pid: child.pid,
    members,
    cgroup,
    log,
    exited,
    exit: () => exit,
    tail: (lines) => clean(log.tail(lines)),
    async end(graceMs) {
      const ending = await endMembers(members, graceMs);
      // It is dead by now; Node tells a moment later.
      if (ending.left.length === 0) await exited;
      // The kernel takes a moment to notice that the last one is gone.
      for (let tries = 0; cgroup?.remove() === false && tries < 20; tries++) await sleep(10);
      log.close(clean);
      return ending;
    },
    leave() {
      cgroup?.remove();
      log.close(clean);
    },
  };
}

/** How a process ended, in words. */
export function inWords(exit: Exit): string {
  return exit.signal === null ? `exited with code ${exit.code ?? 0}` : `was ended by ${exit.signal}`;
}
