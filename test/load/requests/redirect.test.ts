import { expect, test } from "vitest";
import { redirected, redirectOf } from "../../../src/load/requests/redirect.js";

const SERVICE = { host: "127.0.0.1", port: 8080, tls: false };
const GET = { method: "GET", path: "/a/b?x=1", asGet: false };

test.each([
  ["/login", "/login"],
  ["c?y=2", "/a/c?y=2"],
  ["?y=2", "/a/b?y=2"],
  ["http://127.0.0.1:8080/new#part", "/new"],
  ["http://localhost:8080/new", "/new"],
  ["http://user:secret@127.0.0.1:8080/new", "/new"],
  ["/ä", "/%C3%A4"],
])("Location %s leads to %s", (location, path) => {
  expect(redirectOf(302, ["Location", location], GET, SERVICE)?.path).toBe(path);
});

test.each([
  "http://example.com/",
  "http://example.com:8080/",
  "//example.com/",
  "https://127.0.0.1:8080/",
  "http://127.0.0.1:8081/",
  "http://127.0.0.1/",
  "http://[::1",
  "javascript:alert(1)",
])("%s leads to another host or nowhere, and is not followed", (location) => {
  expect(redirectOf(302, ["location", location], GET, SERVICE)).toBeNull();
});

test.each([200, 300, 304, 305, 404])("status %i does not redirect", (status) => {
  expect(redirectOf(status, ["location", "/x"], GET, SERVICE)).toBeNull();
});

test("a redirect without a Location leads nowhere", () => {
  expect(redirectOf(302, ["x", "location"], GET, SERVICE)).toBeNull();
});

test.each([
  [301, "POST", true],
  [302, "POST", true],
  [303, "POST", true],
  [303, "PUT", true],
  [302, "PUT", false],
  [307, "POST", false],
  [308, "POST", false],
  [303, "HEAD", false],
  [302, "GET", false],
])("after %i, a %s becomes a GET: %s", (status, method, asGet) => {
  expect(redirectOf(status, ["location", "/x"], { ...GET, method }, SERVICE)?.asGet).toBe(asGet);
});

test("a GET in place of a form has neither its body nor the headers that describe it", () => {
  const headers = [
    ["Content-Type", "text/x"],
    ["Authorization", "a"],
  ] as const;
  const request = { method: "POST", path: "/login", headers, body: Buffer.from("x") };
  expect(redirected(request, { path: "/me", asGet: true })).toEqual({
    method: "GET",
    path: "/me",
    headers: [["Authorization", "a"]],
    body: null,
  });
  expect(redirected(request, { path: "/me", asGet: false })).toEqual({ ...request, path: "/me" });
});
