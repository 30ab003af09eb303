import { expect, test } from "vitest";
import { fillVariables, variablesIn } from "../../src/text/job-variables.js";

const VALUES = new Map([
  ["TOKEN", 's"1'],
  ["B", "2"],
]);

test.each([
  ["Bearer ${TOKEN}", 'Bearer s"1'],
  ["${B}${B}", "22"],
  ["$${TOKEN}", "${TOKEN}"],
  ["$TOKEN and ${} and ${1}", "$TOKEN and ${} and ${1}"],
  ["${OTHER}", "${OTHER}"],
])("variables of the job stand for their values in %j", (text, filled) => {
  expect(fillVariables(text, VALUES)).toBe(filled);
});

test("a value is written as its place asks for", () => {
  expect(fillVariables('{"a":"${TOKEN}"}', VALUES, (value) => JSON.stringify(value).slice(1, -1))).toBe(
    '{"a":"s\\"1"}',
  );
});

test("an escaped name is no variable that a text needs", () => {
  expect(variablesIn("${A} $${B} ${A} ${_c}")).toEqual(["A", "A", "_c"]);
});
