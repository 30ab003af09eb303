/** Something that goes wrong with a request on purpose. */
export type Fault =
  /** Sent by the proxy; the request has no effect. */
  | {
      readonly kind: "response";
      readonly status: number;
      readonly headers?: Readonly<Record<string, string>>;
      readonly body: string;
    }
  /** No response at all, with or without the request's effect. */
  | { readonly kind: "silence"; readonly effect: boolean }
  /** Served, but only after a while. */
  | { readonly kind: "late"; readonly ms: number }
  /** The connection is cut, with or without the effect. */
  | { readonly kind: "reset"; readonly effect: boolean }
  /** The connection is cut inside the body of a response with status 200. */
  | { readonly kind: "half" };

export interface FaultRule {
  readonly method: string;
  readonly path: RegExp;
  /** How many requests it hits; then it is used up. */
  times: number;
  readonly fault: Fault;
}

const json = (status: number, message: string, headers: Readonly<Record<string, string>> = {}): Fault => ({
  kind: "response",
  status,
  headers: { "content-type": "application/json; charset=utf-8", ...headers },
  body: JSON.stringify({
    message,
    documentation_url: "https://docs.github.com/rest",
    status: String(status),
  }),
});

/** GitHub's refusals in its own words. */
export const FAULTS = {
  badCredentials: json(401, "Bad credentials"),
  notAccessible: json(403, "Resource not accessible by integration"),
  locked: json(403, "Unable to create comment because issue is locked."),
  secondaryRate: (headers: Readonly<Record<string, string>>) =>
    json(
      403,
      "You have exceeded a secondary rate limit. Please wait a few minutes before you try again.",
      headers,
    ),
  tooManyRequests: (headers: Readonly<Record<string, string>>) => json(429, "Too many requests", headers),
  primaryRate: (resetSeconds: number) =>
    json(403, "API rate limit exceeded for installation ID 1.", {
      "x-ratelimit-limit": "1000",
      "x-ratelimit-remaining": "0",
      "x-ratelimit-reset": String(resetSeconds),
    }),
  notFound: json(404, "Not Found"),
  gone: json(410, "Issues are disabled for this repo"),
  moved: (location: string) => json(301, "Moved Permanently", { location }),
  tooLong: json(422, "Validation Failed: body is too long (maximum is 65536 characters)"),
  serverError: json(500, "Server Error"),
  badGateway: {
    kind: "response",
    status: 502,
    headers: { "content-type": "text/html" },
    body: "<html><body><h1>502 Bad Gateway</h1></body></html>",
  },
  pageInstead: {
    kind: "response",
    status: 200,
    headers: { "content-type": "text/html" },
    body: "<!doctype html><title>Sign in to the corporate proxy</title>",
  },
  silence: { kind: "silence", effect: false },
  silenceAfterEffect: { kind: "silence", effect: true },
  reset: { kind: "reset", effect: false },
  half: { kind: "half" },
  resetAfterEffect: { kind: "reset", effect: true },
} as const satisfies Record<string, Fault | ((...args: never[]) => Fault)>;
