import { expect, test } from "vitest";
import { requestBytes } from "../../../src/load/http1/request-bytes.js";

const GET = { method: "GET", path: "/", headers: [], body: null } as const;

test("a request goes over the wire as a browser would write it", () => {
  const request = { ...GET, method: "POST", headers: [["X-A", "1"]] as const, body: Buffer.from('{"ä":1}') };
  expect(requestBytes(request, "127.0.0.1:80", false).toString()).toBe(
    "POST / HTTP/1.1\r\nHost: 127.0.0.1:80\r\nX-A: 1\r\nConnection: keep-alive\r\n" +
      'Content-Length: 8\r\n\r\n{"ä":1}',
  );
});

test("a Host header replaces ours", () => {
  const request = { ...GET, headers: [["host", "x"]] as const };
  expect(requestBytes(request, "y", true).toString()).toBe(
    "GET / HTTP/1.1\r\nhost: x\r\nConnection: close\r\n\r\n",
  );
});

test("a header that stands there twice is sent twice", () => {
  const request = {
    ...GET,
    headers: [
      ["Cookie", "a=1"],
      ["Cookie", "b=2"],
    ] as const,
  };
  expect(requestBytes(request, "y", false).toString()).toContain("Cookie: a=1\r\nCookie: b=2\r\n");
});
