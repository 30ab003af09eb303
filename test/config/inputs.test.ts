import { expect, test } from "vitest";
import { checkInputs, type RawInputs } from "../../src/config/inputs.js";

test("nothing given is nothing decided, but for what makes a build fail", () => {
  expect(checkInputs({ budget: "", base: "  " }, "input")).toEqual({
    config: null,
    build: null,
    start: null,
    path: null,
    base: null,
    head: null,
    budgetMs: null,
    seed: null,
    failOn: "regression",
    comment: null,
    commentKey: null,
    workingDirectory: null,
  });
});

const refused: [RawInputs, string][] = [
  [{ budget: "1e3" }, "input `budget` is `1e3`: it is not a number with a unit"],
  [{ budget: "-5m" }, "is not a number with a unit"],
  [{ budget: "１m" }, "is not a number with a unit"],
  [{ budget: "300" }, "it has no unit"],
  [{ budget: "1s" }, "it must be between 5 s and 6 h"],
  [{ budget: "100h" }, "it must be between 5 s and 6 h"],
  [{ path: "http://169.254.169.254/" }, "that is not a path of the service"],
  [{ path: "file:///etc/passwd" }, "that is not a path of the service"],
  [{ path: "//user:pass@host/" }, "that is not a path of the service"],
  [{ path: "/a b" }, "that is not a path of the service"],
  [{ path: "/a\r\nX: y" }, "that is not a path of the service"],
  [{ seed: "-1" }, "it must be a whole number"],
  [{ seed: "4294967296" }, "it must be a whole number"],
  [{ seed: "NaN" }, "it must be a whole number"],
  [{ failOn: "yes" }, "that is not one of its values"],
  [{ comment: "Always" }, "that is not one of its values"],
  [{ commentKey: "a b" }, "it may hold letters, digits"],
  [{ commentKey: "--><script>" }, "it may hold letters, digits"],
];
test.each(refused)("%j is refused with what to write", (raw, message) => {
  expect(() => checkInputs(raw, "input")).toThrow(message);
});

test("a flag is called as it was typed", () => {
  expect(() => checkInputs({ failOn: "x" }, "flag")).toThrow("`--fail-on` is `x`");
});
