import { expect, test } from "vitest";
import { checkResponse } from "../../../src/load/requests/check-response.js";

const ANY = { status: [], contains: null, bytes: null };

test.each([
  [200, ANY, "ok", null],
  [204, ANY, "ok", null],
  [301, ANY, "status", "301"],
  [404, ANY, "status", "404"],
  [404, { ...ANY, status: [200, 404] }, "ok", null],
  [200, { ...ANY, status: [404] }, "status", "200"],
  [200, { ...ANY, bytes: { min: 10, max: 10 } }, "ok", null],
  [200, { ...ANY, bytes: { min: 11, max: 20 } }, "body", "it is shorter than `expect.bytes`"],
  [200, { ...ANY, bytes: { min: 0, max: 9 } }, "body", "it is longer than `expect.bytes`"],
] as const)(
  "status %d with 10 bytes under %j is %s, because of %j",
  (status, expectation, outcome, reason) => {
    const response = { status, statusText: null, headers: [], bodyBytes: 10, found: true };
    expect(checkResponse(response, expectation)).toEqual({ outcome, reason });
  },
);

test("a body without the expected text says so", () => {
  const response = { status: 200, statusText: null, headers: [], bodyBytes: 10, found: false };
  expect(checkResponse(response, ANY).reason).toBe("the text of `expect.contains` is not in it");
});

test.each([
  ["/login", "302 to /login"],
  ["/login?next=%2Fusers#top", "302 to /login"],
  ["http://127.0.0.1:21234/login", "302 to /login"],
  ["http://localhost:8080?token=secret", "302 to /"],
  ["https://[::1]/login", "302 to /login"],
  ["https://127.example.org/login", "302 to https://127.example.org/login"],
  ["https://example.org/login?a=1", "302 to https://example.org/login"],
])("a redirect to %s is told as %j: no query, no address of this machine", (location, reason) => {
  const response = {
    status: 302,
    statusText: null,
    headers: ["Location", location],
    bodyBytes: 0,
    found: true,
  };
  expect(checkResponse(response, ANY)).toEqual({ outcome: "status", reason });
});
