import { expect, test } from "vitest";
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
