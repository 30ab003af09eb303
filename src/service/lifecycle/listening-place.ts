import { rmSync } from "node:fs";
import { join } from "node:path";
import { TailgateError } from "../../error.js";
import { readListeners, readSocketListeners } from "../process/listeners.js";
import { ownershipOf, ownershipOfSocket, type Ownership } from "../process/port-ownership.js";
import { isPortFree, releasePort, requireFreePort, takeFreePort } from "./port.js";

/** Where an arm is to listen: a port of this machine, or a socket file. It is ours until `release`. */
export interface ListeningPlace {
  /** 0 where it is a socket file. */
  readonly port: number;
  readonly socketPath: string | null;
  /** "port 8080". */
  readonly words: string;
  /** Whether what listens there is held by one of these processes alone; `host`: the address that matters. */
  ownership(pids: Iterable<number>, host?: string): Ownership;
  /** Which sockets listen there, for telling whether that has changed. */
  listeners(): string;
  isFree(): Promise<boolean>;
  release(): void;
}

/** @throws TailgateError "service" where the port is taken, or there is none */
export async function portPlace(
  fixed: number | null,
  random: (() => number) | undefined,
): Promise<ListeningPlace> {
  if (fixed !== null) await requireFreePort(fixed);
  const port = fixed ?? (await takeFreePort(random ?? Math.random));
  return {
    port,
    socketPath: null,
    words: `port ${port}`,
    ownership: (pids, host) => ownershipOf(port, pids, host),
    listeners: () => inodesOf(readListeners().filter((listener) => listener.port === port)),
    isFree: () => isPortFree(port),
    release: () => {
      releasePort(port);
    },
  };
}

/** The address of a socket file has room for so many bytes, and a zero behind them. Source: unix(7), `sun_path`. */
export const LONGEST_SOCKET_PATH_BYTES = 107;

let sockets = 0;

/** @throws TailgateError "service" where the path would be too long */
export function socketPlace(folder: string): ListeningPlace {
  const path = join(folder, `${++sockets}.sock`);
  if (Buffer.byteLength(path) > LONGEST_SOCKET_PATH_BYTES) {
    throw new TailgateError(
      "service",
      `the path of the service's socket would be longer than the ${LONGEST_SOCKET_PATH_BYTES} bytes that a socket's path may have: ${path}`,
      "Use a temporary folder with a shorter path: set RUNNER_TEMP or TMPDIR, such as to /tmp.",
    );
  }
  const listening = (): readonly { readonly inode: string }[] =>
    readSocketListeners().filter((listener) => listener.path === path);
  return {
    port: 0,
    socketPath: path,
    words: `the socket ${path}`,
    ownership: (pids) => ownershipOfSocket(path, pids),
    listeners: () => inodesOf(listening()),
    isFree: () => Promise.resolve(listening().length === 0),
    release: () => {
      rmSync(path, { force: true });
    },
  };
}

function inodesOf(listeners: readonly { readonly inode: string }[]): string {
  return listeners
    .map(({ inode }) => inode)
    .sort()
    .join();
}
