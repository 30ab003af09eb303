/** How long one request may take, how often it is tried, and how long all tries may take together. */
export interface RetryLimits {
  readonly requestTimeoutMs: number;
  readonly attempts: number;
  readonly totalMs: number;
}

export const RETRY_LIMITS: RetryLimits = { requestTimeoutMs: 15_000, attempts: 4, totalMs: 90_000 };

/** Waits grow 1 s, 2 s, 4 s ...; a refusal for rate asks for a minute when it gives no time (GitHub's advice). */
const FIRST_WAIT_MS = 1_000;
const WAIT_WITHOUT_ADVICE_MS = 60_000;
const SHORTEST_WAIT_MS = 1_000;

type Headers = Readonly<Record<string, string | number | undefined>>;

/** Wait before the next try of a request that failed for a passing reason; `attempt` counts from 1. */
export function backoffMs(attempt: number): number {
  return FIRST_WAIT_MS * 2 ** (attempt - 1);
}

/**
 * Wait that a rate refusal (403 or 429) asks for: `retry-after` in seconds or as a date, else the reset time of an
 * exhausted limit, else a minute. Nonsense (negative, in the past, not a number) counts as the shortest wait, so
 * that a broken proxy cannot make us hammer; the caller gives up when the wait is longer than it may take.
 *
 * Source: https://docs.github.com/rest/using-the-rest-api/best-practices-for-using-the-rest-api#handle-rate-limit-errors-appropriately
 */
export function rateWaitMs(headers: Headers, nowMs: number): number {
  const retryAfter = text(headers["retry-after"]);
  if (retryAfter !== null) return Math.max(SHORTEST_WAIT_MS, retryAfterMs(retryAfter, nowMs));
  if (text(headers["x-ratelimit-remaining"]) === "0") {
    const resetMs = Number(text(headers["x-ratelimit-reset"])) * 1000 - nowMs;
    if (Number.isFinite(resetMs)) return Math.max(SHORTEST_WAIT_MS, resetMs);
  }
  return WAIT_WITHOUT_ADVICE_MS;
}

function retryAfterMs(value: string, nowMs: number): number {
  const seconds = Number(value);
  if (Number.isFinite(seconds)) return seconds * 1000;
  const date = Date.parse(value);
  return Number.isNaN(date) ? SHORTEST_WAIT_MS : date - nowMs;
}

function text(value: string | number | undefined): string | null {
  const trimmed = value === undefined ? "" : String(value).trim();
  return trimmed === "" ? null : trimmed;
}
