/** A refusal for rate that gives no time asks for a minute (GitHub's advice). */
const WAIT_WITHOUT_ADVICE_MS = 60_000;
const SHORTEST_WAIT_MS = 1_000;

type Headers = Readonly<Record<string, string | number | undefined>>;

/**
 * Wait that a rate refusal (403 or 429) asks for: `retry-after` in seconds or as a date, else the reset time of an
 * exhausted limit, else a minute. Nonsense (negative, in the past, not a number) counts as the shortest wait, so
 * that a broken proxy cannot make us hammer; the caller gives up when the wait is longer than it may take.
 *
 * @octokit/plugin-throttling is not used for this: it waits for two of GitHub's wordings only, takes no date, sends at
 * once after a negative time, and has no bound for the sum of its waits.
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
