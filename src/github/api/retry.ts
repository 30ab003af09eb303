import { retry } from "@octokit/plugin-retry";
import { RequestError } from "@octokit/request-error";
import { faultKind, faultSigns } from "./fault-kind.js";
import { rateWaitMs } from "./rate-wait.js";
import { readWhole } from "./read-whole.js";

/** How long one request may take, how often it is sent, and how long all of that may take together. */
export interface RetryLimits {
  readonly requestTimeoutMs: number;
  readonly attempts: number;
  readonly totalMs: number;
}

export const RETRY_LIMITS: RetryLimits = { requestTimeoutMs: 15_000, attempts: 4, totalMs: 90_000 };

export interface RetryEdges {
  readonly nowMs: () => number;
  /** How long a wait of one second takes: 1,000 ms. */
  readonly secondMs: number;
}

/** What waiting does not change. 429 is here because rate refusals have a rule of their own. */
const LASTING = [400, 401, 403, 404, 410, 422, 429, 451];
/** The retry plugin waits 1 s, 4 s and 9 s. */
const LONGEST_BACKOFF_MS = 9_000;

type OctokitPlugin = (octokit: Parameters<typeof retry>[0], options: Parameters<typeof retry>[1]) => object;

/**
 * Octokit's retry plugin, which sends again what failed for a passing reason. A request that has `retries: 0` is not
 * among them: a write that may have arrived is not repeated blindly. Added to it:
 *
 * - A page instead of JSON is a failure, and so is a redirect that is not followed.
 * - A rate refusal is waited for as it asks, writes too, as it had no effect.
 * - A try has its time limit (`timeoutMs`), and no wait leads beyond the time for all of them.
 */
export function patience(limits: RetryLimits, { nowMs, secondMs }: RetryEdges): OctokitPlugin {
  return (octokit, octokitOptions) => {
    // Of these hooks the first is the innermost; all but the last run for every try.
    octokit.hook.after("request", (response, request) => {
      const isJson = typeof response.data === "object" && !(response.data instanceof ArrayBuffer);
      if (response.status < 300 && (isJson || response.status === 204)) return;
      const status = response.status < 300 ? 500 : response.status;
      throw new RequestError("", status, { request, response });
    });
    octokit.hook.error("request", (error, { request }) => {
      const signs = faultSigns(error);
      const spentMs = nowMs() - Number(request["startedMs"]);
      if (signs !== null && faultKind(signs) === "rate") {
        const waitMs = rateWaitMs(signs.headers, nowMs());
        if (spentMs + waitMs > limits.totalMs) throw error;
        throw plugin.retry.retryRequest(error as RequestError, limits.attempts - 1, Math.ceil(waitMs / 1000));
      }
      if (spentMs + LONGEST_BACKOFF_MS > limits.totalMs) request["retries"] = 0;
      throw error;
    });
    const plugin = retry(octokit, {
      ...octokitOptions,
      retry: { doNotRetry: LASTING, retries: limits.attempts - 1, retryAfterBaseValue: secondMs },
    });
    octokit.hook.before("request", (options) => {
      const { request, method } = options;
      options.request = {
        ...request,
        startedMs: nowMs(),
        // Following a POST turns it into a GET.
        redirect: method === "POST" ? "manual" : "follow",
        fetch: readWhole(
          request.fetch as typeof fetch,
          Number(request["timeoutMs"] ?? limits.requestTimeoutMs),
        ),
      };
    });
    return {};
  };
}
