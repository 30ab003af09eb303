import { expect, test } from "vitest";
import { isInside } from "../../src/files/is-inside.js";

test.each([
  ["/a", true],
  ["/a/b/c", true],
  ["/a/..data/x", true],
  ["/a/...", true],
  ["/", false],
  ["/ab", false],
  ["/b", false],
])("that %s lies in /a is %s", (path, inside) => {
  expect(isInside("/a", path)).toBe(inside);
});
