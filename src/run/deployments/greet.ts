import { setTimeout as sleep } from "node:timers/promises";
import { TailgateError } from "../../error.js";
import type { Endpoint } from "../../load/driver.js";
import { wrongStatus } from "../../load/requests/check-response.js";
import { shortened, visible } from "../../text/escape.js";
import { type Greeting, reach, type Reached } from "./reach.js";

/** A greeting, and with which status it counts as there. */
export interface ExpectedGreeting extends Greeting {
  readonly accepted: (status: number) => boolean;
}

const PAUSE_MS = 500;
const LONGEST_TRY_MS = 10_000;
const LONGEST_REASON = 200;

/**
 * Greets a service elsewhere until it is there. One that sends us somewhere else, or does not let us in, is told at once:
 * waiting would not mend that.
 *
 * @throws TailgateError "service" that says what came back
 */
export async function greet(
  arm: string,
  endpoint: Endpoint,
  greeting: ExpectedGreeting,
  { timeoutMs, signal }: { readonly timeoutMs: number; readonly signal: AbortSignal },
): Promise<Reached> {
  const until = performance.now() + timeoutMs;
  const asked = `${greeting.method} ${greeting.path}`;
  for (;;) {
    signal.throwIfAborted();
    const leftMs = until - performance.now();
    let last: string;
    try {
      const reached = await reach(endpoint, greeting, Math.max(1, Math.min(LONGEST_TRY_MS, leftMs)));
      if (greeting.accepted(reached.status)) return reached;
      const refusal = refusalOf(arm, asked, reached);
      if (refusal !== null) throw refusal;
      last = `${asked} gave ${describe(reached)}`;
    } catch (error) {
      if (error instanceof TailgateError) throw named(arm, error);
      last = `${asked} failed: ${shortened(visible((error as Error).message), LONGEST_REASON)}`;
    }
    if (performance.now() + PAUSE_MS >= until) throw neverThere(arm, last, timeoutMs);
    await sleep(PAUSE_MS, undefined, { signal }).catch(() => undefined);
  }
}

/** "302 to https://login.example.com/", "429, Retry-After 30 s" */
function describe({ status, headers }: Reached): string {
  const listed = Object.entries(headers).flatMap(([name, value]) => [name, String(value)]);
  const { reason } = wrongStatus({ status, statusText: null, headers: listed });
  return shortened(visible(reason ?? String(status)), LONGEST_REASON);
}

function refusalOf(arm: string, asked: string, reached: Reached): TailgateError | null {
  const { status } = reached;
  const gave = `${asked} gave ${describe(reached)}`;
  if (status >= 300 && status < 400) {
    return new TailgateError(
      "service",
      `${arm} redirects instead of serving: ${gave}.`,
      "Where that leads to a login, send what lets this job in. Where the service has moved, write its new address into `url`, and the path into the scenario or `ready.path`.",
    );
  }
  if (status === 401 || status === 403 || status === 407) {
    return new TailgateError(
      "service",
      `${arm} asks for a login: ${gave}.`,
      'Send what lets this job in, in `headers` of the request and of `ready`: `authorization: "Bearer ${TOKEN}"`, or the header by which the host of the preview lets tests pass its protection.',
    );
  }
  if (status === 429) {
    return new TailgateError(
      "service",
      `${arm} limits its rate: ${gave}.`,
      "Wait as long as it says, lower `max-rate`, or let it make an exception for this job.",
    );
  }
  return null;
}

function named(arm: string, { code, message, hint }: TailgateError): TailgateError {
  return message.startsWith(`${arm} `)
    ? new TailgateError(code, message, hint)
    : new TailgateError(code, `${arm}: ${message}`, hint);
}

function neverThere(arm: string, last: string, timeoutMs: number): TailgateError {
  return new TailgateError(
    "service",
    `${arm}: the service was not there within ${timeoutMs / 1000} s: ${last}.`,
    "Check its `url`. A deployment that is not up yet gets longer with `ready: { timeout: 5m }`; say with `ready: { path: /health }` what shows that it is.",
  );
}
