import type { getOctokit } from "@actions/github";
import { USER_AGENT } from "../../version.js";
import { describeFault } from "./fault.js";
import { faultSigns } from "./fault-kind.js";
import type { Operation } from "./operation.js";
import { patience, RETRY_LIMITS, type RetryEdges, type RetryLimits } from "./retry.js";

type Octokit = ReturnType<typeof getOctokit>;

/** What a request is sent with. */
interface RequestOptions {
  readonly timeoutMs: number;
  /** Absent: as often as the limits allow. */
  readonly retries?: 0;
}

/** GitHub's REST API with time limits, retries and refusals in words. */
export interface GithubClient {
  /** What `request` gives, which asks Octokit. @throws GithubFault */
  call<T>(
    operation: Operation,
    request: (octokit: Octokit, request: RequestOptions) => Promise<T>,
  ): Promise<T>;
}

/** The edges of a client. */
export interface ClientEdges extends RetryEdges {
  readonly sleep: (ms: number) => Promise<void>;
  readonly limits?: Partial<RetryLimits>;
}

export const REAL_EDGES: ClientEdges = {
  nowMs: () => Date.now(),
  secondMs: 1_000,
  sleep: (ms) => new Promise((resolve) => setTimeout(resolve, ms)),
};

/** A download may take so many times longer than any other response. */
const SLOW_TIMES = 8;
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
  const limits = { ...RETRY_LIMITS, ...edges.limits };
  const options = { baseUrl: apiUrl, userAgent: USER_AGENT, log: SILENT };
  const octokit = getOctokit(token, options, patience(limits, edges));
  return {
    call: async (operation, request) => {
      const timeoutMs = limits.requestTimeoutMs * (operation.slow === true ? SLOW_TIMES : 1);
      try {
        return await request(octokit, operation.repeatable ? { timeoutMs } : { timeoutMs, retries: 0 });
      } catch (error) {
        const signs = faultSigns(error);
        throw signs === null ? error : describeFault(operation, signs, error);
      }
    },
  };
}

const ignore = (): undefined => undefined;
const SILENT = { debug: ignore, info: ignore, warn: ignore, error: ignore };

/** For Octokit's `paginate`: what each page holds, up to a number of pages that no real list has. */
export function boundedPages<T>(): (response: { readonly data: T[] }, done: () => void) => T[] {
  let pages = 0;
  return ({ data }, done) => {
    if (++pages >= LARGEST_PAGE_COUNT) done();
    return data;
  };
}
