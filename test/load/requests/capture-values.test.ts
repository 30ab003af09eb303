import { expect, test } from "vitest";
import { captureValue, fillIn, parseJson } from "../../../src/load/requests/capture-values.js";

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

test("a header is captured by its name, whatever its case", () => {
  expect(captureValue({ from: "header", name: "x-token" }, ["A", "1", "X-Token", "t"], () => null)).toBe("t");
  expect(captureValue({ from: "header", name: "x-none" }, ["A", "1"], () => null)).toBeNull();
});

test("a body that is no JSON holds nothing", () => {
  expect(parseJson(Buffer.from("<html>"))).toBeUndefined();
  expect(captureValue({ from: "json", path: ["a"] }, [], () => parseJson(null))).toBeNull();
});
