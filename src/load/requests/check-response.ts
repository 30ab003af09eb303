import type { Expectation } from "../../model/plan.js";
import type { Response } from "../driver.js";
import type { RequestOutcome } from "../samples/samples.js";

/** Whether a response counts as served. A redirect is not followed: it is not 2xx unless it is expected. */
export function checkResponse(
  { status, bodyBytes, found }: Pick<Response, "status" | "bodyBytes" | "found">,
  expect: Expectation,
): RequestOutcome {
  const accepted = expect.status.length > 0 ? expect.status.includes(status) : status >= 200 && status < 300;
  if (!accepted) return "status";
  if (!found) return "body";
  const { bytes } = expect;
  return bytes !== null && (bodyBytes < bytes.min || bodyBytes > bytes.max) ? "body" : "ok";
}
