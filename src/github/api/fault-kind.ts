import { RequestError } from "@octokit/request-error";

/** How GitHub's API failed us. */
export type FaultKind =
  | "unauthorized"
  | "forbidden"
  | "rate"
  | "locked"
  | "not-found"
  | "gone"
  | "moved"
  | "too-long"
  | "invalid"
  | "server"
  | "not-json"
  | "timeout"
  | "network";

/** What a response (or its absence) told. */
export interface FaultSigns {
  /** `null` when there was no response. */
  readonly status: number | null;
  readonly message: string;
  readonly headers: Readonly<Record<string, string | number | undefined>>;
  readonly timedOut: boolean;
}

/**
 * What a failed request of Octokit's told; `null` for an error that is not about a request. Octokit gives status 500 to
 * requests that never had a response.
 */
export function faultSigns(error: unknown): FaultSigns | null {
  if (!(error instanceof RequestError)) return null;
  const { response } = error;
  return {
    status: response?.status ?? null,
    // An HTML page is not a message.
    message: typeof response?.data === "string" ? "" : error.message,
    headers: response?.headers ?? {},
    timedOut: error.cause instanceof Error && error.cause.name === "TimeoutError",
  };
}

/** Sorts a failed request. GitHub says the same thing with several statuses, so the text counts too. */
export function faultKind(signs: FaultSigns): FaultKind {
  if (signs.timedOut) return "timeout";
  if (signs.status === null) return "network";
  if (signs.status < 300) return "not-json";
  if (signs.status < 400) return "moved";
  if (signs.status >= 500) return "server";
  switch (signs.status) {
    case 401:
      return "unauthorized";
    case 404:
      return "not-found";
    case 410:
      return "gone";
    case 422:
      return /too long|maximum is \d+ char/i.test(signs.message) ? "too-long" : "invalid";
    case 429:
      return "rate";
    case 403:
      if (isRateRefusal(signs)) return "rate";
      return /\blocked\b/i.test(signs.message) ? "locked" : "forbidden";
    default:
      return "invalid";
  }
}

function isRateRefusal(signs: FaultSigns): boolean {
  return (
    /rate limit|abuse detection/i.test(signs.message) ||
    signs.headers["retry-after"] !== undefined ||
    String(signs.headers["x-ratelimit-remaining"]) === "0"
  );
}
