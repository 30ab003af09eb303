import { setTimeout as sleep } from "node:timers/promises";

import { cgroupPrefix, makeCgroup, type OwnCgroup } from "../meter/cgroup.js";
import { endMembers, type Ending } from "./end-members.js";
import { childEnvironment, markOf, type ToldPlace } from "./child-environment.js";
import { describeExit, type Exit } from "./exit.js";
import { isDiskOfFull } from "../../files/free-space.js";
import { LogFile } from "../log/log-file.js";
import { membersOf, type Members } from "./members.js";
import { readStat } from "./proc.js";
import { secretsOf } from "../log/secrets.js";
import type { SpawnedProcess } from "../lifecycle/running-service.js";
import { oomScoreAdjustment, outOfMemoryKills } from "./out-of-memory.js";
import { spawnCommand } from "./spawn-command.js";

export interface CommandOptions {
  readonly runId: string;
  /** Names it in its mark: an arm, or a hook of one. */
  readonly what: string;
  readonly command: string;
  readonly cwd: string;
  readonly environment: Readonly<Record<string, string | undefined>>;
  readonly added: Readonly<Record<string, string>>;
  readonly place: ToldPlace | null;
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
  /** How it ended, in words, with what may be the reason; `null` while it runs. */
  describeExit(peakResidentBytes: number | null): string | null;
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
  // What the job holds as well: the same user can read the environment of any process above it.
  const secrets = secretsOf(options.environment, environment);
  const log = new LogFile(options.logFile);
  const killsBefore = outOfMemoryKills();
  const cgroup = options.cgroup ? makeCgroup(`${cgroupPrefix(options.runId)}${process.pid}-${start}`) : null;
  const child = await spawnCommand({
    ...options,
    environment,
    output: log.descriptor,
    cgroupProcsFile: cgroup?.procsFile ?? null,
    oomScoreAdjustment: oomScoreAdjustment(),
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
  const members = membersOf(child.pid, mark, cgroup);
  const started: StartedCommand = {
    pid: child.pid,
    members,
    cgroup,
    log,
    exited,
    exit: () => exit,
    describeExit(peakResidentBytes) {
      if (exit === null) return null;
      const kills = outOfMemoryKills();
      return describeExit(exit, {
        peakResidentBytes,
        outOfMemoryKills: kills === null || killsBefore === null ? null : kills - killsBefore,
        diskIsFull: isDiskOfFull(options.cwd),
      });
    },
    tail: (lines) => log.tail(lines, secrets),
    async end(graceMs) {
      const ending = await endMembers(members, graceMs);
      // It is dead by now; Node tells a moment later.
      if (ending.left.length === 0) await exited;
      // The kernel takes a moment to notice that the last one is gone.
      for (let tries = 0; cgroup?.remove() === false && tries < 20; tries++) await sleep(10);
      log.close(secrets);
      return ending;
    },
    leave() {
      cgroup?.remove();
      log.close(secrets);
    },
  };
  try {
    options.onSpawn?.({ pid: child.pid, startTime: readStat(child.pid)?.startTime ?? null });
  } catch (error) {
    // What leaves no trace must not run on.
    await started.end(0);
    throw error;
  }
  return started;
}
