import type { Expectation } from "../../model/plan.js";
import type { Outcome } from "../profile.js";

/** What is looked at in a complete answer. */
export interface CheckedResponse {
  readonly status: number;
  readonly bodyBytes: number;
  /** Whether the wanted text was found; true where none is wanted. */
  readonly found: boolean;
}

/** Whether an answer counts as served. A redirect is not followed: it is not 2xx unless it is expected. */
export function checkResponse(answer: CheckedResponse, expect: Expectation): Outcome {
  const accepted =
    expect.status.length > 0
      ? expect.status.includes(answer.status)
      : answer.status >= 200 && answer.status < 300;
  if (!accepted) return "status";
  if (!answer.found) return "body";
  if (expect.bytes !== null && (answer.bodyBytes < expect.bytes.min || answer.bodyBytes > expect.bytes.max)) {
    return "body";
  }
  return "ok";
}
