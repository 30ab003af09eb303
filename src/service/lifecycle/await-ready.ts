import { setTimeout as sleep } from "node:timers/promises";

import { TailgateError } from "../../error.js";
import type { Ownership } from "../process/port-ownership.js";
import type { ProbeResponse } from "./readiness.js";

/** A pause grows with the time already waited, by a hundredth of it. */
interface Pause {
  readonly shortestMs: number;
  readonly longestMs: number;
}
/** A refused connection costs the service nothing, so it is tried often. */
const REFUSED_PAUSE: Pause = { shortestMs: 2, longestMs: 4 };
/** A request that reaches the service does cost it something. */
const REACHED_PAUSE: Pause = { shortestMs: 4, longestMs: 8 };
/**
 * A service that accepts a connection and sends no response gets another request after a while, because the first may
 * be lost. Each request may take twice as long as the one before, because the service may only be slow.
 */
const FIRST_PROBE_MS = 1000;
const SHORTEST_PROBE_MS = 100;

export interface ReadyCheck {
  readonly timeoutMs: number;
  /** Where it is to listen: "port 8080". */
  readonly place: string;
  /** The port it is to listen on; `null` where that is a socket file. */
  readonly port: number | null;
  readonly probe: (timeoutMs: number) => Promise<ProbeResponse>;
  readonly ownership: (host: string) => Ownership;
  /** How the service has ended, if it has: then there is nothing to wait for. */
  readonly ended: () => string | null;
  readonly logTail: () => string;
  /** Ports the service listens on instead, for the hint. */
  readonly listeningPorts: () => readonly number[];
  readonly signal: AbortSignal | undefined;
}

/**
 * Waits until a socket of the arm's own gives the expected response.
 *
 * @returns the address that it listens on
 */
export async function awaitReady(arm: string, check: ReadyCheck): Promise<string> {
  const cancelled = untilAborted(check.signal);
  try {
    return await probeUntilReady(arm, check, cancelled.promise);
  } finally {
    cancelled.forget();
  }
}

async function probeUntilReady(arm: string, check: ReadyCheck, cancelled: Promise<never>): Promise<string> {
  const until = performance.now() + check.timeoutMs;
  let last = "nothing listened";
  let probeMs = FIRST_PROBE_MS;
  for (;;) {
    check.signal?.throwIfAborted();
    const ended = check.ended();
    if (ended !== null) throw endedBeforeReady(arm, ended, check);
    const leftMs = until - performance.now();
    if (leftMs <= 0) throw neverReady(arm, last, check);

    const response = await Promise.race([
      check.probe(Math.max(SHORTEST_PROBE_MS, Math.min(probeMs, leftMs))),
      cancelled,
    ]);
    switch (response.kind) {
      case "refused":
        last = `nothing listens on ${check.place}`;
        break;
      case "no-response":
        last = `${check.place} ${response.words}`;
        probeMs *= 2;
        break;
      case "responded": {
        last = response.words;
        if (!response.ready) break;
        const ownership = check.ownership(response.host);
        if (ownership.kind === "own") return response.host;
        if (ownership.kind === "foreign") last = ownership.reason;
        break;
      }
    }
    const { shortestMs, longestMs } = response.kind === "refused" ? REFUSED_PAUSE : REACHED_PAUSE;
    const waitedMs = check.timeoutMs - leftMs;
    await sleep(Math.min(longestMs, Math.max(shortestMs, waitedMs / 100)));
  }
}

/** A promise that never resolves, and rejects with the reason once the run is cancelled, until it is forgotten. */
function untilAborted(signal: AbortSignal | undefined): { readonly promise: Promise<never>; forget(): void } {
  let abort = (): void => undefined;
  const promise = new Promise<never>((_, reject) => {
    abort = () => {
      reject(signal!.reason as Error);
    };
    signal?.addEventListener("abort", abort, { once: true });
  });
  promise.catch(() => undefined); // After the wait nobody handles the rejection.
  return { promise, forget: () => signal?.removeEventListener("abort", abort) };
}

function endedBeforeReady(arm: string, ended: string, check: ReadyCheck): TailgateError {
  return new TailgateError(
    "service",
    `${arm}: the service ${ended} before it was ready${withTail(check.logTail())}`,
    "The start command must stay in the foreground and serve until it is stopped.",
  );
}

function neverReady(arm: string, last: string, check: ReadyCheck): TailgateError {
  const others = check.listeningPorts().filter((port) => port !== check.port);
  const hint =
    others.length > 0
      ? `It listens on port ${others.join(", ")}: ${listenWhere(check.port)}`
      : "Check service.ready, or give it longer with service.ready.timeout.";
  return new TailgateError(
    "service",
    `${arm}: the service was not ready within ${check.timeoutMs / 1000} s: ${last}${withTail(check.logTail())}`,
    hint,
  );
}

function listenWhere(port: number | null): string {
  return port === null
    ? "let it listen on the socket $SOCKET (or write {socket} into the start command), or remove service.socket."
    : "let it listen on $PORT (or write {port} into the start command), or set service.port.";
}

function withTail(tail: string): string {
  return tail === "" ? "; it printed nothing" : `\nThe end of its output:\n${tail}`;
}
