import type { NetworkTime } from "../../metrics/measurement.js";
import type { ServicePlan } from "../../model/service-plan.js";
import type { ArmContainer } from "../container/arm-container.js";
import type { ContainerName } from "../container/container.js";
import type { LoadedProgram } from "../integrity/loaded-program.js";

/** What is needed to start an arm. */
export interface LaunchOptions {
  readonly arm: string;
  readonly service: ServicePlan;
  /** What its container is started from; without it, or `null`, it runs as a process. */
  readonly container?: ArmContainer | null;
  /** Absolute path of the checkout. */
  readonly checkout: string;
  /** The job's environment; what must not reach the service is taken out here. */
  readonly environment: Readonly<Record<string, string | undefined>>;
  readonly logFile: string;
  /** Where its socket file is to lie, if it listens on one; without it, beside the log. */
  readonly socketFolder?: string;
  /** Processor list for `taskset`, such as "1" or "1,2"; `null`: not placed. */
  readonly processors: string | null;
  /** The run's id. It marks every process of the run, so that orphaned ones are found. */
  readonly runId: string;
  /** Status codes that mean ready; empty: success where `ready.path` is set, else anything below 500 on `/`. */
  readonly readyStatus: readonly number[];
  readonly signal?: AbortSignal;
  /** Where a free port is drawn from, so that it comes from the recorded seed; without it, at random. In [0, 1). */
  readonly random?: () => number;
  /** Whether to measure through a control group where one can be made; without it, yes. */
  readonly cgroup?: boolean;
  /** Between TERM and KILL when it is stopped; without it, 5 s. */
  readonly graceMs?: number;
  /** Told at once when the process is there, so that a run that dies leaves a trace of it. */
  readonly onSpawn?: (process: SpawnedProcess) => void;
  /** Told before its containers are made, for the same reason. */
  readonly onContainers?: (containers: ContainerName) => void;
}

/** A process named for good: pids are used again, a pid with its start time is not. */
export interface SpawnedProcess {
  readonly pid: number;
  /** Clock ticks since boot; `null` where the system does not tell. */
  readonly startTime: number | null;
}

/** Counters of a whole process tree. `null`: not available on this system, said once in `unavailable`. */
export interface Usage {
  /** Nanoseconds of CPU since the start. */
  readonly cpuNs: number | null;
  /** Highest resident set of the tree so far. */
  readonly peakResidentBytes: number | null;
}

export interface RunningService {
  readonly arm: string;
  readonly host: string;
  /** What its requests and TLS call the host, where that is no address of this machine. */
  readonly name?: string;
  /** The way to it, where it runs elsewhere. */
  readonly network?: NetworkTime;
  /** 0 where it listens on a socket file. */
  readonly port: number;
  readonly socketPath: string | null;
  readonly tls: boolean;
  /** 0 where it runs elsewhere. */
  readonly pid: number;
  /** Processor list that it is kept to; `null`: it runs wherever the system puts it. */
  readonly processors: string | null;
  readonly startedInMs: number;
  /** Current counters of the process tree. */
  usage(): Promise<Usage>;
  /** Why usage is not available, in words; `null` if it is. */
  readonly usageUnavailable: string | null;
  /** Its process ids, those of its descendants among them; of a container, those of the command that started it. */
  processes(): readonly number[];
  /** What it runs so far, as the kernel and the engine of its containers tell. */
  program(): Promise<LoadedProgram>;
  /** Whether the process that was started still runs and the listening socket is its tree's own. */
  health(): Promise<{ readonly alive: boolean; readonly ownsPort: boolean; readonly reason: string | null }>;
  /** Resolves when the main process ends by itself. */
  readonly exited: Promise<{ readonly code: number | null; readonly signal: string | null }>;
  /** TERM, grace, KILL for the whole tree, then proof that nothing is left. Safe to call twice. */
  stop(): Promise<StopReport>;
  /** The last lines of its output, cleaned of control characters. */
  logTail(lines?: number): Promise<string>;
}

export interface StopReport {
  readonly durationMs: number;
  /** Whether SIGKILL was needed. */
  readonly killed: boolean;
  readonly portFree: boolean;
  /** Process ids that could not be ended; empty is the proof. */
  readonly left: readonly number[];
}
