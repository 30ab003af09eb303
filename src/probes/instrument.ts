import type { ProfiledFunction, ProfiledStack } from "../model/profile.js";
import type { Looking } from "./looking.js";
import type { Probe } from "./probe.js";

/*
 * The port for what looks into a service: which functions it calls, and where its CPU time goes. An instrument slows the
 * service down, so that it is used in launches of its own, after the verdict.
 *
 * To add an instrument: implement `Instrument`, and enter it where a run's instruments are listed.
 */

/** What an instrument saw of one process between start and stop. */
export interface ProfileReading {
  readonly functions: readonly ProfiledFunction[];
  /** Exact calls of each of `functions`; `null`: not counted. */
  readonly calls: readonly number[] | null;
  /** `null`: not sampled. */
  readonly stacks: readonly ProfiledStack[] | null;
}

/** A launch that is to be looked into. */
interface InstrumentedLaunch {
  readonly looking: Looking;
  /** Variables that the service gets without the instrument: the job's, and its own above them. */
  readonly environment: Readonly<Record<string, string | undefined>>;
  /** Absolute: the folder of the code. */
  readonly checkout: string;
  /** A folder for sockets and files of this launch; short enough for a socket's path. */
  readonly folder: string;
}

/** An instrument that is ready for its service to start. */
export interface PreparedInstrument {
  /** Added to the environment of the service, in place of what is there. */
  readonly environment: Readonly<Record<string, string>>;
  /**
   * Finds the processes of its runtime in a running service. `null`: there are none.
   *
   * @param processes - pids that no instrument before it has claimed
   */
  attach(processes: readonly number[]): Promise<AttachedInstrument | null>;
  /** Takes away what it made. Safe to call twice. */
  close(): Promise<void>;
}

export interface AttachedInstrument {
  /** What looks, and how ("Node.js v20.20.2: exact calls"), or why it cannot, with what would make it work. */
  readonly words: string;
  /** The processes that `words` are about; no other instrument need look at them. */
  readonly processes: readonly number[];
  /** Of each process, in readings of its own; `null`: it cannot look into them. */
  readonly probe: Probe<readonly ProfileReading[]> | null;
}

export interface Instrument {
  readonly name: string;
  prepare(launch: InstrumentedLaunch): Promise<PreparedInstrument>;
}
