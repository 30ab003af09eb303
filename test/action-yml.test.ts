import { existsSync, readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { describe, expect, test } from "vitest";
import { parse } from "yaml";
import { checkInputs } from "../src/config/inputs.js";
import { INPUT_NAMES, parseMode, readInputs } from "../src/github/event/inputs.js";
import { outputsOf } from "../src/github/publish/outputs.js";
import { sampleResult } from "./reporters/sample-result.js";

const ROOT = fileURLToPath(new URL("..", import.meta.url));
const action = parse(readFileSync(`${ROOT}/action.yml`, "utf8")) as {
  readonly inputs: Readonly<Record<string, { description: string; default?: string; required?: boolean }>>;
  readonly outputs: Readonly<Record<string, { description: string }>>;
  readonly runs: { readonly using: string; readonly main: string; readonly post: string };
};

describe("action.yml", () => {
  test("declares exactly the inputs that are read, each with a default and a description", () => {
    expect(Object.keys(action.inputs).sort()).toEqual(Object.values(INPUT_NAMES).sort());
    for (const [name, input] of Object.entries(action.inputs)) {
      expect(input.default, name).toBeTypeOf("string");
      expect(input.description.length, name).toBeGreaterThan(20);
      expect(input.required ?? false, name).toBe(false);
    }
  });

  test("declares exactly the outputs that are written", () => {
    const files = { json: "a", markdown: "b", html: "c" };
    const written = [...Object.keys(outputsOf(sampleResult(), files)), "comment-url"];
    expect(Object.keys(action.outputs).sort()).toEqual(written.sort());
  });

  test("runs what the repository holds, under Node.js 24", () => {
    expect(action.runs.using).toBe("node24");
    for (const file of [action.runs.main, action.runs.post])
      expect(existsSync(`${ROOT}/${file}`), file).toBe(true);
  });

  test("its defaults alone are valid inputs", () => {
    const inputs = readInputs((name) => action.inputs[name]!.default!);
    expect(parseMode(inputs.mode)).toBe("run");
    expect(checkInputs(inputs, "input")).toMatchObject({
      failOn: "regression",
      comment: null,
      commentKey: null,
    });
    expect(inputs.githubToken).toBe("${{ github.token }}");
  });
});

describe("hostile inputs are refused with the input's name", () => {
  const defaults = readInputs((name) => action.inputs[name]!.default!);
  test.each([
    ["budget", "1e3"],
    ["budget", "-5"],
    ["budget", "10 fortnights"],
    ["budget", "５m"],
    ["budget", "Infinity"],
    ["budget", "NaN"],
    ["budget", "9007199254740993"],
    ["budget", "0"],
    ["path", "http://169.254.169.254/latest"],
    ["path", "file:///etc/passwd"],
    ["path", "//evil.example/x"],
    ["path", "/a b"],
    ["path", "/a\r\nHost: evil.example"],
    ["fail-on", "yes"],
    ["fail-on", "__proto__"],
    ["comment", "sometimes"],
    ["comment", "true"],
    ["comment-key", "a/b"],
    ["comment-key", "-->"],
    ["comment-key", "x".repeat(65)],
    ["comment-key", "a\nb"],
  ])("%s: %j", (name, value) => {
    const field = Object.entries(INPUT_NAMES).find(([, input]) => input === name)![0];
    expect(() => checkInputs({ ...defaults, [field]: value }, "input")).toThrow(
      expect.objectContaining({ code: "config", message: expect.stringContaining(name) as string }) as Error,
    );
  });
});
