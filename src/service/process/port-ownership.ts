import { listenersBehind, readListeners, readSocketListeners } from "./listeners.js";
import { describeProcess, readSocketInodes } from "./proc.js";
import { describeSocketHolder } from "./socket-holder.js";

/** Whose socket listens on a port. */
export type Ownership =
  | { readonly kind: "own" }
  | { readonly kind: "nobody" }
  | { readonly kind: "foreign"; readonly reason: string };

/**
 * Whether every socket that listens on the port is held by one of these processes.
 *
 * @param host the address that matters; without it, all of them.
 */
export function ownershipOf(port: number, pids: Iterable<number>, host?: string): Ownership {
  const listeners =
    host === undefined
      ? readListeners().filter((listener) => listener.port === port)
      : listenersBehind(host, port);
  return ownershipOfInodes(listeners, pids, `port ${port}`);
}

/** Whether every socket that listens on the socket file is held by one of these processes. */
export function ownershipOfSocket(path: string, pids: Iterable<number>): Ownership {
  const listeners = readSocketListeners().filter((listener) => listener.path === path);
  return ownershipOfInodes(listeners, pids, `the socket ${path}`);
}

function ownershipOfInodes(
  listeners: readonly { readonly inode: string }[],
  pids: Iterable<number>,
  place: string,
): Ownership {
  const inodes = new Set(listeners.map((listener) => listener.inode));
  if (inodes.size === 0) return { kind: "nobody" };
  let hidden: number | null = null;
  for (const pid of pids) {
    const held = readSocketInodes(pid);
    if (held === null) hidden = pid;
    for (const inode of held ?? []) inodes.delete(inode);
    if (inodes.size === 0) return { kind: "own" };
  }
  // Of the sockets that are left: the arm may well listen on this port too.
  const holder = describeSocketHolder(inodes);
  const unseen = hidden === null ? "" : `; the sockets of ${describeProcess(hidden)} cannot be seen`;
  return {
    kind: "foreign",
    reason: `${place} is served by ${holder}, which this arm did not start${unseen}`,
  };
}

/** Ports on which these processes listen, ascending. */
export function listeningPorts(pids: Iterable<number>): number[] {
  const held = new Set<string>();
  for (const pid of pids) for (const inode of readSocketInodes(pid) ?? []) held.add(inode);
  const ports = readListeners()
    .filter((listener) => held.has(listener.inode))
    .map((listener) => listener.port);
  return [...new Set(ports)].sort((a, b) => a - b);
}
