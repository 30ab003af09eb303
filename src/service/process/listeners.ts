import { closeSync, openSync, readFileSync, readSync } from "node:fs";

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

/**
 * Listening TCP sockets of this network namespace. The kernel lists them before all others, and listing those costs
 * milliseconds on a machine under load: reading stops at the first that does not listen.
 */
export function readListeners(families: readonly (4 | 6)[] = [4, 6]): Listener[] {
  return families.flatMap((family) =>
    parseListeners(readLeading(`/proc/net/tcp${family === 6 ? "6" : ""}`), family),
  );
}

/** What the kernel gives at a time. */
const PAGE_BYTES = 4096;

function readLeading(path: string): string {
  let descriptor: number;
  try {
    descriptor = openSync(path, "r");
  } catch {
    return ""; // A kernel without IPv6 has no tcp6.
  }
  try {
    const page = Buffer.alloc(PAGE_BYTES);
    let text = "";
    for (;;) {
      const length = readSync(descriptor, page, 0, PAGE_BYTES, null);
      if (length === 0) return text;
      text += page.toString("latin1", 0, length);
      const last = text.trimEnd().split("\n").at(-1)!.trim().split(/\s+/);
      if (/^\d+:$/.test(last[0]!) && last[3] !== undefined && last[3] !== STATE_LISTEN) return text;
    }
  } finally {
    closeSync(descriptor);
  }
}

/** Those that take a connection to the port on a loopback address. */
export function listenersBehind(host: string, port: number): Listener[] {
  const of = (family: 4 | 6): Listener[] =>
    readListeners([family]).filter((listener) => listener.port === port);
  const own = host.includes(":") ? of(6) : of(4);
  // A socket of both families is listed with IPv6 alone.
  return own.length > 0 || host.includes(":") ? own : of(6);
}

/** A socket file that something listens on. */
export interface SocketListener {
  readonly path: string;
  readonly inode: string;
}

/** The flag of a socket that takes connections. Source: __SO_ACCEPTCON in the kernel's net.h. */
const ACCEPTS = "00010000";

/** Parses `/proc/net/unix`. Source: proc_net(5); a path may hold blanks. */
export function parseSocketListeners(text: string): SocketListener[] {
  const line = /^[0-9a-f]+: [0-9A-F]+ [0-9A-F]+ ([0-9A-F]+) [0-9A-F]+ [0-9A-F]+ +(\d+) (.+)$/i;
  return text.split("\n").flatMap((row) => {
    const [, flags, inode, path] = line.exec(row) ?? [];
    return flags === ACCEPTS ? [{ path: path!, inode: inode! }] : [];
  });
}

/** Socket files of this machine that something listens on; none where the system does not tell. */
export function readSocketListeners(): SocketListener[] {
  try {
    return parseSocketListeners(readFileSync("/proc/net/unix", "utf8"));
  } catch {
    return [];
  }
}
