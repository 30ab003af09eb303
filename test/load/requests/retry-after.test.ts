import { expect, test } from "vitest";
import { checkResponse } from "../../../src/load/requests/check-response.js";
import { describeRetryAfter } from "../../../src/load/requests/retry-after.js";

test.each([
  ["30", "Retry-After 30 s"],
  [" 0 ", "Retry-After 0 s"],
  ["Fri, 27 Nov 2026 15:00:00 GMT", "Retry-After 2026-11-27T15:00:00.000Z"],
  ["-1", null],
  ["99999999999", null],
  ["soon; @everyone", null],
  ["", null],
  [undefined, null],
])("a Retry-After of %j is told as %j", (value, told) => {
  expect(describeRetryAfter(value)).toBe(told);
});

test("a response with status 429 is told with how long to wait, where it says so", () => {
  const reasonOf = (headers: readonly string[]): unknown =>
    checkResponse(
      { status: 429, statusText: null, headers, bodyBytes: 0, found: true },
      { status: [], contains: null, bytes: null },
    );
  expect(reasonOf(["Retry-After", "30"])).toEqual({ outcome: "status", reason: "429, Retry-After 30 s" });
  expect(reasonOf([])).toEqual({ outcome: "status", reason: "429" });
});
