import { join } from "node:path";
import { expect, test } from "vitest";
import { parseLoadOptions, type LoadCommandOptions } from "../../../src/commands/load/options.js";
import { TailgateError } from "../../../src/error.js";

const URL = "http://127.0.0.1:8080/users?q=1";

test("`load` needs nothing but a URL", () => {
  expect(parseLoadOptions({ url: URL })).toEqual({
    url: URL,
    target: { arm: "127.0.0.1:8080", host: "127.0.0.1", port: 8080, socketPath: null, tls: false },
    insecure: false,
    profile: {
      protocol: "http1",
      requests: [{ method: "GET", path: "/users?q=1", headers: {}, body: null, capture: {} }],
      files: {},
      expect: { status: [], contains: null, bytes: null },
      connections: 10,
      connection: "keep-alive",
      timeoutMs: 5000,
    },
    data: null,
    ratePerSecond: null,
    requests: 10_000,
    seed: 1,
    mostErrors: null,
  });
});

test.each([
  ["http://example.com", { host: "example.com", port: 80, tls: false }],
  ["https://example.com/", { host: "example.com", port: 443, tls: true }],
  ["https://[::1]:8443/a", { host: "::1", port: 8443, tls: true }],
  ["HTTP://LOCALHOST:1/", { host: "localhost", port: 1, tls: false }],
])("%s leads to the right place", (url, target) => {
  expect(parseLoadOptions({ url }).target).toMatchObject(target);
});

test("every option of `load` reaches its task", () => {
  const task = parseLoadOptions({
    url: URL,
    rate: "12.5",
    connections: "3",
    requests: "77",
    connection: "new",
    method: "post",
    header: ["Accept: application/json", "X-Empty:"],
    body: "{}",
    timeout: "250ms",
    seed: "9",
  });
  expect(task).toMatchObject({
    ratePerSecond: 12.5,
    requests: 77,
    seed: 9,
    profile: {
      connections: 3,
      connection: "new",
      timeoutMs: 250,
      requests: [{ method: "POST", headers: { Accept: ["application/json"], "X-Empty": [""] }, body: "{}" }],
    },
  });
});

test.each<[string, Partial<LoadCommandOptions>]>([
  ["a file", { url: "file:///etc/passwd" }],
  ["another scheme", { url: "ftp://127.0.0.1/" }],
  ["no scheme", { url: "127.0.0.1:8080" }],
  ["credentials", { url: "http://user:secret@127.0.0.1/" }],
  ["AWS's metadata", { url: "http://169.254.169.254/latest/meta-data/" }],
  ["the same as a number", { url: "http://2852039166/" }],
  ["the same in hexadecimal", { url: "http://0xa9fea9fe/" }],
  ["the same in IPv6", { url: "http://[::ffff:169.254.169.254]/" }],
  ["Google's metadata", { url: "http://metadata.google.internal/" }],
  ["an exponent", { rate: "1e3" }],
  ["a sign", { rate: "-5" }],
  ["a plus", { requests: "+5" }],
  ["full-width digits", { rate: "１００" }],
  ["infinity", { rate: "Infinity" }],
  ["NaN", { rate: "NaN" }],
  ["nothing", { rate: "" }],
  ["a rate of nothing", { rate: "0" }],
  ["a rate out of reach", { rate: "100001" }],
  ["a unit", { rate: "100/s" }],
  ["a fraction of a connection", { connections: "1.5" }],
  ["no connections", { connections: "0" }],
  ["100,000 connections", { connections: "100000" }],
  ["2^53+1 requests", { requests: "9007199254740993" }],
  ["a hexadecimal number", { requests: "0x10" }],
  ["a space", { requests: " 5" }],
  ["a time without a unit", { timeout: "5" }],
  ["10 fortnights", { timeout: "10 fortnights" }],
  ["no time", { timeout: "0ms" }],
  ["an unknown kind of connection", { connection: "often" }],
  ["a header without a colon", { header: ["Accept"] }],
  ["a header with a line break", { header: ["A: 1\r\nB: 2"] }],
  ["a method with a line break", { method: "GET\r\n" }],
  ["a body file that is not there", { bodyFile: "/nowhere/a.json" }],
  ["a folder as a body file", { bodyFile: "/" }],
  ["a body and a body file", { body: "{}", bodyFile: import.meta.filename }],
  ["a file's name as a body", { body: "@a.json" }],
  ["data that are not there", { data: "users.csv" }],
  ["redirects without end", { redirects: "1000" }],
])("%s is refused with a hint", (_, options) => {
  const parse = (): unknown => parseLoadOptions({ url: URL, ...options });
  expect(parse).toThrow(TailgateError);
  expect(parse).toThrow(
    // What could not even be written as HTTP the load room refuses itself.
    expect.objectContaining({
      code: expect.stringMatching(/^(config|load)$/) as string,
      hint: expect.stringMatching(/\.$/) as string,
    }),
  );
});

test("credentials are not repeated in the message", () => {
  expect(() => parseLoadOptions({ url: "http://user:secret@127.0.0.1/" })).toThrow(
    expect.objectContaining({ message: expect.not.stringContaining("secret") as string }),
  );
});

test("a body file is sent with the type that its name tells, unless a header names one", () => {
  const bodyFile = join(import.meta.dirname, "../../../package.json");
  const headersOf = (header: string[]): unknown =>
    parseLoadOptions({ url: URL, bodyFile, header }).profile.requests[0]!.headers;
  expect(headersOf([])).toEqual({ "content-type": ["application/json"] });
  expect(headersOf(["Content-Type: text/x"])).toEqual({ "Content-Type": ["text/x"] });
});

test("a header that is given twice is sent twice", () => {
  const { profile } = parseLoadOptions({ url: URL, header: ["A: 1", "A: 2", "__proto__: 3"] });
  expect(Object.entries(profile.requests[0]!.headers)).toEqual([
    ["A", ["1", "2"]],
    ["__proto__", ["3"]],
  ]);
});

test("names in braces stay in the path, and other braces are encoded", () => {
  const pathOf = (url: string): string => parseLoadOptions({ url }).profile.requests[0]!.path;
  expect(pathOf("http://127.0.0.1/users/{id}?q={name}")).toBe("/users/{id}?q={name}");
  expect(pathOf("http://127.0.0.1/{a b}")).toBe("/%7Ba%20b%7D");
});
