import type { Expectation } from "../../model/scenario-plan.js";
import type { Response } from "../driver.js";
import { captureValue } from "./capture-values.js";
import { describeRetryAfter } from "./retry-after.js";
import { SERVED, type RequestEnding } from "../samples/samples.js";

/** Whether a response counts as served. A redirect is not followed: it is not 2xx unless it is expected. */
export function checkResponse(
  response: Pick<Response, "status" | "statusText" | "headers" | "bodyBytes" | "found">,
  expect: Expectation,
): RequestEnding {
  const { status, bodyBytes, found } = response;
  const accepted = expect.status.length > 0 ? expect.status.includes(status) : status >= 200 && status < 300;
  if (!accepted) return wrongStatus(response);
  if (!found) return wrongBody("the text of `expect.contains` is not in it");
  const { bytes } = expect;
  if (bytes !== null && bodyBytes < bytes.min) return wrongBody("it is shorter than `expect.bytes`");
  if (bytes !== null && bodyBytes > bytes.max) return wrongBody("it is longer than `expect.bytes`");
  return SERVED;
}

export function wrongBody(reason: string): RequestEnding {
  return { outcome: "body", reason };
}

/** With what says more than its number: "301 to /login", "429, Retry-After 30 s". */
export function wrongStatus({
  status,
  statusText,
  headers,
}: Pick<Response, "status" | "statusText" | "headers">): RequestEnding {
  if (statusText !== null) return { outcome: "status", reason: statusText };
  const to = status >= 300 && status < 400 ? redirectTarget(headers) : null;
  const wait = status === 429 ? describeRetryAfter(headerOf(headers, "retry-after")) : null;
  const more = to !== null ? ` to ${to}` : wait !== null ? `, ${wait}` : "";
  return { outcome: "status", reason: `${status}${more}` };
}

function headerOf(headers: readonly string[], wanted: string): string | null {
  return captureValue({ from: "header", name: wanted }, headers, () => null);
}

/** Without its query, which may hold secrets or differ every time; and without an address of this machine. */
function redirectTarget(headers: readonly string[]): string | null {
  const target = headerOf(headers, "location")?.replace(/[?#].*$/s, "");
  if (target === undefined) return null;
  return target.replace(/^https?:\/\/(localhost|127\.[0-9.]+|\[::1\])(:[0-9]+)?(?=\/|$)/i, "") || "/";
}
