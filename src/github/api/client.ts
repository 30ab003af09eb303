import type { getOctokit } from "@actions/github";
import { describeFault, faultKind, type FaultSigns } from "./fault.js";
import type { Operation } from "./operation.js";
import { backoffMs, rateWaitMs, RETRY_LIMITS, type RetryLimits } from "./retry.js";

type Octokit = ReturnType<typeof getOctokit>;

/** What every request is sent with. */
export interface RequestOptions {
  readonly signal: AbortSignal;
  /** A POST is not redirected: following one turns it into a GET. */
  readonly redirect: "follow" | "manual";
}

interface Answer<T> {
  readonly status: number;
  readonly headers: Readonly<Record<string, string | number | undefined>>;
  readonly data: T;
}

type Request<T> = (octokit: Octokit, request: RequestOptions) => Promise<Answer<T>>;

/** GitHub's REST API with time limits, retries and refusals in words. */
export interface GithubClient {
  /** One request; its data. @throws GithubFault */
  call<T>(operation: Operation, request: Request<T>): Promise<T>;
  /** All pages of a list, 100 entries each. @throws GithubFault */
  list<T>(
    operation: Operation,
    request: (
      octokit: Octokit,
      page: { per_page: number; page: number; request: RequestOptions },
    ) => Promise<Answer<T[]>>,
  ): Promise<T[]>;
}

/** The edges of a client. */
export interface ClientEdges {
  readonly nowMs: () => number;
  readonly sleep: (ms: number) => Promise<void>;
  readonly limits?: Partial<RetryLimits>;
}

export const REAL_EDGES: ClientEdges = {
  nowMs: () => Date.now(),
  sleep: (ms) => new Promise((resolve) => setTimeout(resolve, ms)),
};

/** A download may take so many times longer than an answer. */
const SLOW_TIMES = 8;
const PAGE_SIZE = 100;
/** GitHub allows 2,500 comments on an issue; this only ends a server that never says it is the last page. */
const LARGEST_PAGE_COUNT = 100;

/**
 * A client for the API at `apiUrl` (github.com, GitHub Enterprise Server and Cloud alike).
 *
 * The toolkit is loaded here and not at the start: its module reads the event file as it loads and throws on a
 * broken one.
 */
export async function connect(
  apiUrl: string,
  token: string,
  edges: ClientEdges = REAL_EDGES,
): Promise<GithubClient> {
  const { getOctokit } = await import("@actions/github");
  const octokit = getOctokit(token, { baseUrl: apiUrl, userAgent: "tailgate", log: SILENT });
  const limits = { ...RETRY_LIMITS, ...edges.limits };
  return {
    call: async (operation, request) => (await send(octokit, operation, request, edges, limits)).data,
    list: async (operation, request) => {
      const all: Awaited<ReturnType<typeof request>>["data"] = [];
      for (let page = 1; page <= LARGEST_PAGE_COUNT; page++) {
        const answer = await send(
          octokit,
          operation,
          (api, options) => request(api, { per_page: PAGE_SIZE, page, request: options }),
          edges,
          limits,
        );
        all.push(...answer.data);
        if (answer.data.length < PAGE_SIZE && !hasNext(answer)) break;
      }
      return all;
    },
  };
}

const ignore = (): undefined => undefined;
const SILENT = { debug: ignore, info: ignore, warn: ignore, error: ignore };

function hasNext(answer: Answer<unknown>): boolean {
  return /rel="next"/.test(String(answer.headers["link"] ?? ""));
}

/** Sends until there is an answer, a refusal that waiting will not change, or no time is left. */
async function send<T>(
  octokit: Octokit,
  operation: Operation,
  request: Request<T>,
  edges: ClientEdges,
  limits: RetryLimits,
): Promise<Answer<T>> {
  const startedMs = edges.nowMs();
  for (let attempt = 1; ; attempt++) {
    const timeoutMs = limits.requestTimeoutMs * (operation.slow === true ? SLOW_TIMES : 1);
    const outcome = await once(octokit, operation, request, timeoutMs);
    if ("answer" in outcome) return outcome.answer;
    const { signs, cause } = outcome;
    const kind = faultKind(signs);
    const fault = describeFault(kind, operation, signs, { cause });
    const again = kind === "rate" || (fault.ambiguous && operation.repeatable);
    const waitMs = kind === "rate" ? rateWaitMs(signs.headers, edges.nowMs()) : backoffMs(attempt);
    const spentMs = edges.nowMs() - startedMs;
    if (!again || attempt >= limits.attempts || spentMs + waitMs > limits.totalMs) throw fault;
    await edges.sleep(waitMs);
  }
}

type Outcome<T> = { readonly answer: Answer<T> } | { readonly signs: FaultSigns; readonly cause: unknown };

async function once<T>(
  octokit: Octokit,
  operation: Operation,
  request: Request<T>,
  timeoutMs: number,
): Promise<Outcome<T>> {
  const redirect = operation.repeatable ? "follow" : "manual";
  try {
    const answer = await request(octokit, { signal: AbortSignal.timeout(timeoutMs), redirect });
    const json =
      answer.status === 204 || (typeof answer.data === "object" && !(answer.data instanceof ArrayBuffer));
    if (answer.status < 300 && json) return { answer };
    return {
      signs: { status: answer.status, message: "", headers: answer.headers, timedOut: false, json },
      cause: undefined,
    };
  } catch (cause) {
    return { signs: signsOf(cause), cause };
  }
}

/**
 * Octokit gives status 500 to requests that were never answered; those have no response. A connection that breaks
 * while a body is read shows as `fetch` has it. Anything else is not about a request and goes its way.
 */
function signsOf(error: unknown): FaultSigns {
  if (!(error instanceof Error) || !("status" in error || isBroken(error))) throw error;
  const { response } = error as Error & { response?: Answer<unknown> };
  const cause = error.cause instanceof Error ? error.cause : error;
  return {
    status: response?.status ?? null,
    message: response === undefined ? error.message : messageOf(response.data, error.message),
    headers: response?.headers ?? {},
    timedOut: cause.name === "TimeoutError" || error.name === "AbortError",
    json: true,
  };
}

function isBroken(error: Error): boolean {
  return error.name === "TimeoutError" || error.name === "AbortError" || error.message === "terminated";
}

/** An HTML page is not a message. */
function messageOf(data: unknown, fallback: string): string {
  return typeof data === "string" ? "" : fallback;
}
