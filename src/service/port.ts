import { createServer } from "node:net";

import { TailgateError } from "../error.js";
import { readListeners } from "./listeners.js";
import { describeProcess, listPids, readSocketInodes } from "./proc.js";

/** Below the range from which Linux takes ports for outgoing connections (32768 and up), so none of those gets in the way. */
const LOWEST = 20_000;
const HIGHEST = 32_000;

/** Ports that a launch of ours has been given and has not yet bound. */
const given = new Set<number>();

async function canListen(port: number, host: string): Promise<boolean> {
  return new Promise((resolve) => {
    const server = createServer();
    server.once("error", (error: NodeJS.ErrnoException) => {
      // A machine without this address family cannot have the port taken there.
      resolve(error.code === "EADDRNOTAVAIL" || error.code === "EAFNOSUPPORT");
    });
    server.listen({ port, host, exclusive: true }, () =>
      server.close(() => {
        resolve(true);
      }),
    );
  });
}

/** Whether nothing listens on the port on any address. */
export async function isPortFree(port: number): Promise<boolean> {
  if (process.platform === "linux") return !readListeners().some((listener) => listener.port === port);
  for (const host of ["127.0.0.1", "::1", "0.0.0.0", "::"]) {
    if (!(await canListen(port, host))) return false;
  }
  return true;
}

/** A port that nothing listens on and that could be bound just now. `release` it when the launch is over. */
export async function takeFreePort(random: () => number): Promise<number> {
  for (let attempt = 0; attempt < 200; attempt++) {
    const port = LOWEST + Math.floor(random() * (HIGHEST - LOWEST));
    if (given.has(port)) continue;
    given.add(port);
    if ((await isPortFree(port)) && (await canListen(port, "0.0.0.0")) && (await canListen(port, "::")))
      return port;
    given.delete(port);
  }
  throw new TailgateError(
    "service",
    `no free port was found between ${LOWEST} and ${HIGHEST}`,
    "End what listens there, or give the service a port of its own with service.port.",
  );
}

export function releasePort(port: number): void {
  given.delete(port);
}

/** Refuses a port that somebody else listens on, and names who. */
export async function requireFreePort(port: number): Promise<void> {
  if (await isPortFree(port)) return;
  throw new TailgateError(
    "service",
    `port ${port} is already taken by ${holderOf(port)}`,
    "End that process, or leave service.port out and let the service listen on PORT.",
  );
}

/** Who listens on a port, in words. */
export function holderOf(port: number): string {
  if (process.platform !== "linux") return "another process";
  const inodes = new Set(
    readListeners()
      .filter((listener) => listener.port === port)
      .map((listener) => listener.inode),
  );
  for (const pid of listPids()) {
    for (const inode of readSocketInodes(pid) ?? []) {
      if (inodes.has(inode)) return describeProcess(pid);
    }
  }
  return "a process of another user";
}
