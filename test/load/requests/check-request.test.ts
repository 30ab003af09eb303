import { expect, test } from "vitest";
import { checkRequest } from "../../../src/load/requests/check-request.js";
import { GET } from "../support/phases.js";

test.each([
  ["a method with a space", { ...GET, method: "GET /x HTTP/1.1\r\nX:" }],
  ["CONNECT", { ...GET, method: "CONNECT" }],
  ["a path with a line break", { ...GET, path: "/a\r\nX: 1" }],
  ["a path without a slash", { ...GET, path: "http://other/" }],
  ["a path with half a character", { ...GET, path: "/\ud800" }],
  ["a header value with a line break", { ...GET, headers: { A: "1\r\nB: 2" } }],
  ["a second value with a line break", { ...GET, headers: { A: ["1", "1\r\nB: 2"] } }],
  ["a header name with a colon", { ...GET, headers: { "A:": "1" } }],
  ["Content-Length", { ...GET, headers: { "content-length": "5" } }],
  ["Transfer-Encoding", { ...GET, headers: { "Transfer-Encoding": "chunked" } }],
  ["Connection", { ...GET, headers: { Connection: "close" } }],
])("%s is refused before anything is sent", (_, request) => {
  expect(() => {
    checkRequest(request);
  }).toThrow(expect.objectContaining({ code: "load", hint: expect.stringMatching(/./) as string }));
});
