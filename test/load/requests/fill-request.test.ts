import { expect, test } from "vitest";
import { UnsendableRequest, type ReadyRequest } from "../../../src/load/driver.js";
import { fillRequest } from "../../../src/load/requests/fill-request.js";
import type { RequestPlan } from "../../../src/model/scenario-plan.js";
import { VERSION } from "../../../src/version.js";
import { filesOf } from "../support/files-of.js";
import { GET } from "../support/phases.js";

const NO_VALUES = new Map<string, string>();

function fill(request: RequestPlan, values = NO_VALUES): ReadyRequest {
  return fillRequest(request, values, filesOf());
}

test("what is not ASCII in a path is percent-encoded, and what is encoded stays as it is", () => {
  expect(fill({ ...GET, path: "/users?q=ä b" }).path).toBe("/users?q=%C3%A4%20b");
  expect(fill({ ...GET, path: "/a%20b%25" }).path).toBe("/a%20b%25");
});

test("a request says who sends it and that it accepts everything, as ordinary clients do", () => {
  expect(fill({ ...GET, headers: { "X-A": "1" } }).headers).toEqual([
    ["User-Agent", `tailgate/${VERSION}`],
    ["Accept", "*/*"],
    ["X-A", "1"],
  ]);
});

test("headers of the plan replace the usual ones, whatever their case", () => {
  const headers = { "user-agent": "curl/8", ACCEPT: "text/html" };
  expect(fill({ ...GET, headers }).headers).toEqual(Object.entries(headers));
});

test("a header with several values is sent once for each, in their order", () => {
  const { headers } = fill(
    { ...GET, headers: { "X-Forwarded-For": ["{ip}", "10.0.0.2"] } },
    new Map([["ip", "10.0.0.1"]]),
  );
  expect(headers.slice(2)).toEqual([
    ["X-Forwarded-For", "10.0.0.1"],
    ["X-Forwarded-For", "10.0.0.2"],
  ]);
});

test("captured values are encoded in the path and cannot break out of a header", () => {
  const request = { ...GET, path: "/users/{id}", headers: { Authorization: "Bearer {token}" } };
  const values = new Map([
    ["id", "a/b?c d"],
    ["token", "t"],
  ]);
  expect(fill(request, values).path).toBe("/users/a%2Fb%3Fc%20d");
  expect(() => fill(request, new Map([["token", "x\r\nEvil: 1"]]))).toThrow(UnsendableRequest);
});
