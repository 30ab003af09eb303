import { readFileSync } from "node:fs";

/** A TCP socket that waits for connections. */
export interface Listener {
  readonly port: number;
  readonly family: 4 | 6;
  /** As in /proc: hexadecimal, words in host order. */
  readonly address: string;
  readonly userId: number;
  readonly inode: string;
}

const STATE_LISTEN = "0A";

/** Parses `/proc/net/tcp` or `tcp6`. Source: Documentation/networking/proc_net_tcp.rst. */
export function parseListeners(text: string, family: 4 | 6): Listener[] {
  const listeners: Listener[] = [];
  for (const line of text.split("\n").slice(1)) {
    const fields = line.trim().split(/\s+/);
    const local = fields[1]?.split(":");
    if (fields[3] !== STATE_LISTEN || local?.length !== 2) continue;
    listeners.push({
      port: parseInt(local[1]!, 16),
      family,
      address: local[0]!,
      userId: Number(fields[7]),
      inode: fields[9]!,
    });
  }
  return listeners;
}

/** All listening TCP sockets of this network namespace. */
export function readListeners(): Listener[] {
  const of = (path: string, family: 4 | 6): Listener[] => {
    try {
      return parseListeners(readFileSync(path, "latin1"), family);
    } catch {
      return []; // A kernel without IPv6 has no tcp6.
    }
  };
  return [...of("/proc/net/tcp", 4), ...of("/proc/net/tcp6", 6)];
}
