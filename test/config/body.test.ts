import { describe, expect, test } from "vitest";
import { checkInputs } from "../../src/config/inputs.js";
import { readConfigFile } from "../../src/config/file/read-file.js";
import { makePlan } from "../../src/config/make-plan.js";
import type { RequestPlan } from "../../src/model/scenario-plan.js";

function requestOf(text: string): RequestPlan {
  const file = `service: { start: ./s }\nscenarios: [{ request: ${text} }]`;
  const headFile = readConfigFile(new TextEncoder().encode(file), "tailgate.yml");
  const plan = makePlan({ inputs: checkInputs({}, "flag"), headFile, baseFile: null });
  return plan.scenarios[0]!.requests[0]!;
}

describe("a body", () => {
  test.each([
    ["payload.json", "application/json"],
    ["a/photo.JPG", "image/jpeg"],
    ["a.tar.gz", "application/octet-stream"],
    ["constructor", "application/octet-stream"],
  ])("from %s is the file's bytes, of type %s", (file, type) => {
    expect(requestOf(`{ method: POST, body: { file: ${file} } }`)).toMatchObject({
      body: null,
      bodySource: { from: "file", file },
      headers: { "content-type": type },
    });
  });

  test("whose type a header names keeps that type", () => {
    expect(requestOf("{ body: { file: a.json }, headers: { Content-Type: text/x } }").headers).toEqual({
      "Content-Type": "text/x",
    });
  });

  test("that is a mapping with more than `file`, or another `file` than a name, is JSON", () => {
    expect(requestOf("{ body: { file: a.json, n: 1 } }").body).toBe('{"file":"a.json","n":1}');
    expect(requestOf("{ body: { file: [1] } }").body).toBe('{"file":[1]}');
  });

  test("that looks like a file in curl's way is refused with the way that is right", () => {
    expect(() => requestOf("{ body: '@payload.json' }")).toThrow(
      "`scenarios[0].request.body` (`@payload.json`) is sent as text, and no file is read for it; write `{ file: payload.json }`",
    );
  });

  test.each(["/etc/passwd", "../secret", "a/../../b", "..\\secret"])("is never read from %s", (file) => {
    expect(() => requestOf(`{ body: { file: '${file}' } }`)).toThrow("inside of the repository");
  });
});

test("a form becomes parts in their order; a list becomes several, and numbers stay as they are written", () => {
  const request = requestOf(
    "{ method: POST, form: { price: 3.10, tag: [a, b], photo: { file: x/ada.png }, raw: { file: r, type: a/b } } }",
  );
  expect(request.body).toBeNull();
  expect(request.bodySource).toMatchObject({
    from: "form",
    parts: [
      { kind: "value", name: "price", value: "3.10" },
      { kind: "value", name: "tag", value: "a" },
      { kind: "value", name: "tag", value: "b" },
      { kind: "file", name: "photo", file: "x/ada.png", type: "image/png" },
      { kind: "file", name: "raw", file: "r", type: "a/b" },
    ],
  });
  expect(request.headers["content-type"]).toMatch(/^multipart\/form-data; boundary=-+tailgate/);
});

test("a request with a body and a form is refused", () => {
  expect(() => requestOf("{ body: a, form: { b: c } }")).toThrow(
    "may have one of `body` and `form`, not both",
  );
});
