import { createServer } from "node:net";

import { TailgateError } from "../../error.js";
import { readListeners } from "../process/listeners.js";
import { describeSocketHolder } from "../process/socket-holder.js";

/** Below the range from which Linux takes ports for outgoing connections (32768 and up), so none of those gets in the way. */
const LOWEST = 20_000;
const HIGHEST = 32_000;

/** Ports that a launch of ours has been given and has not yet bound. */
const given = new Set<number>();

/** What came of listening on a port for a moment. */
type Attempt = "free" | "taken" | "no-such-family" | "not-allowed";

async function listenBriefly(port: number, host: string): Promise<Attempt> {
  return new Promise((resolve) => {
    const server = createServer((socket) => socket.destroy());
    server.once("error", (error: NodeJS.ErrnoException) => {
      if (error.code === "EADDRNOTAVAIL" || error.code === "EAFNOSUPPORT") resolve("no-such-family");
      else resolve(error.code === "EACCES" ? "not-allowed" : "taken");
    });
    server.listen({ port, host, exclusive: true }, () => {
      server.close(() => {
        resolve("free");
      });
    });
  });
}

/** Whether nothing listens on the port on any address. */
export async function isPortFree(port: number): Promise<boolean> {
  // Listening on `::` takes both families, so it fails if either is taken on any address.
  const both = await listenBriefly(port, "::");
  const attempt = both === "no-such-family" ? await listenBriefly(port, "0.0.0.0") : both;
  switch (attempt) {
    case "free":
      return true;
    case "taken":
    case "no-such-family":
      return false;
    case "not-allowed":
      // Below 1024, for an ordinary user: only what listens there can be asked about.
      return process.platform !== "linux" || !readListeners().some((listener) => listener.port === port);
  }
}

/** A port that nothing listens on and that could be bound just now. `release` it when the launch is over. */
export async function takeFreePort(random: () => number): Promise<number> {
  for (let attempt = 0; attempt < 200; attempt++) {
    const port = LOWEST + Math.floor(random() * (HIGHEST - LOWEST));
    if (given.has(port)) continue;
    given.add(port);
    if (await isPortFree(port)) return port;
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

function holderOf(port: number): string {
  const listeners = readListeners().filter((listener) => listener.port === port);
  return describeSocketHolder(new Set(listeners.map((listener) => listener.inode)));
}
