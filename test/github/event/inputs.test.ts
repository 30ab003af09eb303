import { expect, test } from "vitest";
import { INPUT_NAMES, parseMode, readInputs } from "../../../src/github/event/inputs.js";

test("inputs are read once by their names in action.yml, without blanks around them", () => {
  const asked: string[] = [];
  const inputs = readInputs((name) => {
    asked.push(name);
    return `  ${name} `;
  });
  expect(asked.sort()).toEqual(Object.values(INPUT_NAMES).sort());
  expect(inputs).toMatchObject({ failOn: "fail-on", workingDirectory: "working-directory" });
});

test.each([
  ["", "run"],
  ["run", "run"],
  ["measure", "measure"],
  ["report", "report"],
])("the input mode %j means %s", (text, mode) => {
  expect(parseMode(text)).toBe(mode);
});

test.each(["Run", "reports", "measure,report", "\u202e", "__proto__"])(
  "the input mode %j is refused",
  (text) => {
    expect(() => parseMode(text)).toThrow(/is not a mode/);
  },
);
