import { expect, test } from "vitest";
import { CookieJar } from "../../../src/load/requests/cookies.js";

const NOW_MS = Date.UTC(2026, 10, 26);

function jarOf(lines: readonly string[], path = "/login"): CookieJar {
  const jar = new CookieJar();
  jar.take(
    lines.flatMap((line) => ["Set-Cookie", line]),
    path,
    NOW_MS,
  );
  return jar;
}

test("every Set-Cookie of a response is kept, and sent back as it came", () => {
  const jar = jarOf(["sid=a%20b=; HttpOnly; Secure; SameSite=Lax; Path=/", 'quoted="x y"; Path=/']);
  expect(jar.headerFor("/")).toBe('sid=a%20b=; quoted="x y"');
});

test("a later cookie of the same name and path replaces the earlier one", () => {
  expect(jarOf(["a=1; Path=/", "a=2; Path=/"]).headerFor("/")).toBe("a=2");
});

test("the domain of production does not keep a cookie from the service under test", () => {
  expect(jarOf(["a=1; Domain=example.com; Path=/"]).headerFor("/")).toBe("a=1");
});

test.each([
  ["a=1; Path=/api", "/api", true],
  ["a=1; Path=/api", "/api/users?x=/", true],
  ["a=1; Path=/api", "/apis", false],
  ["a=1; Path=/api/", "/api", false],
  ["a=1; Path=nonsense", "/users", true],
  ["a=1", "/users", true],
])("%s and %s: sent is %s", (line, path, sent) => {
  expect(jarOf([line]).headerFor(path) !== null).toBe(sent);
});

test("without a path, a cookie belongs to the folder of what set it", () => {
  const jar = jarOf(["a=1"], "/v1/session/new?next=/x/y");
  expect(jar.headerFor("/v1/session/me")).toBe("a=1");
  expect(jar.headerFor("/v1/users")).toBeNull();
});

test("cookies of longer paths are sent first", () => {
  expect(jarOf(["a=1; Path=/", "b=2; Path=/api"]).headerFor("/api/x")).toBe("b=2; a=1");
});

test.each([
  "Max-Age=0",
  "Max-Age=-1; Expires=Wed, 26 Nov 2036 00:00:00 GMT",
  "Expires=Thu, 01 Jan 1970 00:00:00 GMT",
])("a cookie set again with %s is deleted", (attributes) => {
  expect(jarOf(["a=1; Path=/", `a=; Path=/; ${attributes}`]).headerFor("/")).toBeNull();
});

test("a cookie without end and cookies without number are bounded, as in a browser", () => {
  const many = Array.from({ length: 80 }, (_, index) => `c${index}=1; Path=/`);
  const jar = jarOf([`endless=${"x".repeat(5000)}; Path=/`, ...many]);
  expect(jar.cookies).toHaveLength(50);
  expect(jar.headerFor("/")).not.toContain("endless");
});

test("a cookie that would end its header is not sent", () => {
  expect(jarOf(["a=1\rEvil: 1; Path=/", "b=2; Path=/"]).headerFor("/")).toBe("b=2");
});
