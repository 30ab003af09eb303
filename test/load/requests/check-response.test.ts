import { expect, test } from "vitest";
import { checkResponse } from "../../../src/load/requests/check-response.js";

const ANY = { status: [], contains: null, bytes: null };

test.each([
  [200, ANY, "ok"],
  [204, ANY, "ok"],
  [301, ANY, "status"],
  [404, ANY, "status"],
  [404, { ...ANY, status: [200, 404] }, "ok"],
  [200, { ...ANY, status: [404] }, "status"],
  [200, { ...ANY, bytes: { min: 10, max: 10 } }, "ok"],
  [200, { ...ANY, bytes: { min: 11, max: 20 } }, "body"],
  [200, { ...ANY, bytes: { min: 0, max: 9 } }, "body"],
] as const)("status %d with 10 bytes under %j is %s", (status, expectation, outcome) => {
  expect(checkResponse({ status, bodyBytes: 10, found: true }, expectation)).toBe(outcome);
});
