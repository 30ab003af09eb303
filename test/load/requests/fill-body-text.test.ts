import fc from "fast-check";
import { expect, test } from "vitest";
import { fillBodyText, fillJson } from "../../../src/load/requests/fill-body-text.js";

const VALUES = new Map([
  ["name", 'Grace "Amazing" \\ Hopper\n'],
  ["n", "12345678901234567890"],
  ["tags", '["a&b"]'],
]);

test.each(["application/json", "application/problem+json; charset=utf-8", "Application/JSON"])(
  "in a body of type %s a value cannot end the text that it stands in, and may be a number or a list",
  (type) => {
    const text = '{"name":"{name}","n":{n},"tags":{tags},"{n}":"\\"{n}","left":"{other}"}';
    expect(fillBodyText(text, type, VALUES)).toBe(
      '{"name":"Grace \\"Amazing\\" \\\\ Hopper\\n","n":12345678901234567890,"tags":["a&b"],"12345678901234567890":"\\"12345678901234567890","left":"{other}"}',
    );
  },
);

test("whatever a value holds, the JSON that it is filled into says that value", () => {
  fc.assert(
    fc.property(fc.string(), fc.string(), (value, key) => {
      const filled = fillJson(JSON.stringify({ a: "<{v}>", [key]: { b: ["{v}"] } }), new Map([["v", value]]));
      const read = JSON.parse(filled) as { a: unknown };
      if (key !== "a" && !key.includes("{v}")) expect(read.a).toBe(`<${value}>`);
    }),
  );
});

test("a value of a form cannot begin another field, and other text takes values as they are", () => {
  const form = "application/x-www-form-urlencoded";
  expect(fillBodyText("t={tags}&n={n}", form, VALUES)).toBe("t=%5B%22a%26b%22%5D&n=12345678901234567890");
  expect(fillBodyText("{tags} {name}", null, VALUES)).toBe('["a&b"] Grace "Amazing" \\ Hopper\n');
  expect(fillBodyText("{tags}", "text/plain", VALUES)).toBe('["a&b"]');
});
