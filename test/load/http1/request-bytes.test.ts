import { expect, test } from "vitest";
import { isMetadataAddress, isMetadataName } from "../../../src/load/metadata-address.js";
import { captureValue, fillIn, parseJson } from "../../../src/load/requests/capture-values.js";
import { checkResponse } from "../../../src/load/requests/check-response.js";
import { UnsendableRequest } from "../../../src/load/driver.js";
import { checkRequest, requestBytes } from "../../../src/load/http1/request-bytes.js";
import { GET } from "../support/phases.js";

const NO_VALUES = new Map<string, string>();

test("a request goes over the wire as a browser would write it", () => {
  const request = { ...GET, method: "POST", path: "/users?q=ä b", headers: { "X-A": "1" }, body: '{"ä":1}' };
  expect(requestBytes(request, "127.0.0.1:80", false, NO_VALUES).toString()).toBe(
    "POST /users?q=%C3%A4%20b HTTP/1.1\r\nHost: 127.0.0.1:80\r\nX-A: 1\r\nConnection: keep-alive\r\n" +
      'Content-Length: 8\r\n\r\n{"ä":1}',
  );
});

test("an encoded path is sent as it is, and a Host header replaces ours", () => {
  const text = requestBytes(
    { ...GET, path: "/a%20b%25", headers: { host: "x" } },
    "y",
    true,
    NO_VALUES,
  ).toString();
  expect(text).toBe("GET /a%20b%25 HTTP/1.1\r\nhost: x\r\nConnection: close\r\n\r\n");
});

test.each([
  ["a method with a space", { ...GET, method: "GET /x HTTP/1.1\r\nX:" }],
  ["CONNECT", { ...GET, method: "CONNECT" }],
  ["a path with a line break", { ...GET, path: "/a\r\nX: 1" }],
  ["a path without a slash", { ...GET, path: "http://other/" }],
  ["a path with half a character", { ...GET, path: "/\ud800" }],
  ["a header value with a line break", { ...GET, headers: { A: "1\r\nB: 2" } }],
  ["a header name with a colon", { ...GET, headers: { "A:": "1" } }],
  ["Content-Length", { ...GET, headers: { "content-length": "5" } }],
  ["Transfer-Encoding", { ...GET, headers: { "Transfer-Encoding": "chunked" } }],
  ["Connection", { ...GET, headers: { Connection: "close" } }],
])("%s is refused before anything is sent", (_, request) => {
  expect(() => {
    checkRequest(request);
  }).toThrow(expect.objectContaining({ code: "load", hint: expect.stringMatching(/./) as string }));
});

test("captured values are encoded in the path and cannot break out of a header", () => {
  const request = { ...GET, path: "/users/{id}", headers: { Authorization: "Bearer {token}" } };
  const values = new Map([
    ["id", "a/b?c d"],
    ["token", "t"],
  ]);
  expect(requestBytes(request, "h", false, values).toString()).toContain("GET /users/a%2Fb%3Fc%20d HTTP/1.1");
  expect(() => requestBytes(request, "h", false, new Map([["token", "x\r\nEvil: 1"]]))).toThrow(
    UnsendableRequest,
  );
});

test("braces that name nothing captured stay", () => {
  expect(fillIn('{"a":{"b":1}} {id} {other}', new Map([["id", "7"]]), String)).toBe(
    '{"a":{"b":1}} 7 {other}',
  );
});

test.each([
  [["id"], "7"],
  [["user", "name"], "Ann"],
  [["list", "1"], "b"],
  [["flag"], "false"],
  [["user"], null],
  [["missing"], null],
  [["user", "name", "length"], null],
  [["__proto__"], null],
  [["constructor"], null],
])("captures %j as %s", (path, value) => {
  const body = { id: 7, user: { name: "Ann" }, list: ["a", "b"], flag: false };
  expect(captureValue({ from: "json", path }, [], () => body)).toBe(value);
});

test("a header is captured by its name in any case", () => {
  expect(captureValue({ from: "header", name: "x-token" }, ["A", "1", "X-Token", "t"], () => null)).toBe("t");
  expect(captureValue({ from: "header", name: "x-none" }, ["A", "1"], () => null)).toBeNull();
});

test("a body that is no JSON holds nothing", () => {
  expect(parseJson(Buffer.from("<html>"))).toBeUndefined();
  expect(captureValue({ from: "json", path: ["a"] }, [], () => parseJson(null))).toBeNull();
});

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

test.each([
  "169.254.169.254",
  "169.254.170.2",
  "100.100.100.200",
  "168.63.129.16",
  "[fd00:ec2::254]",
  "fe80::1",
  "::ffff:169.254.169.254",
  "::ffff:a9fe:a9fe",
])("%s is where a cloud hands out credentials", (address) => {
  expect(isMetadataAddress(address)).toBe(true);
});

test.each([
  "127.0.0.1",
  "::1",
  "10.0.0.1",
  "192.168.1.1",
  "169.253.1.1",
  "100.100.100.201",
  "fd00:ec2::25",
  "::ffff:127.0.0.1",
])("%s is an address like any other", (address) => {
  expect(isMetadataAddress(address)).toBe(false);
});

test("names of metadata services are known in any case, with and without the last dot", () => {
  expect(isMetadataName("Metadata.Google.Internal.")).toBe(true);
  expect(isMetadataName("localhost")).toBe(false);
});
