import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { resolveService } from "../../../src/config/resolve-service.js";
import { checkInputs } from "../../../src/config/inputs.js";
import type { ArmPlan } from "../../../src/model/plan.js";
import { withEnvFile } from "../../../src/run/arms/env-file.js";
import { temporaryFolder } from "../../parts/temporary-folder.js";

async function variables(
  text: string | null,
  { env = {}, job = {} }: { env?: Record<string, string>; job?: Record<string, string> } = {},
): Promise<Readonly<Record<string, string>>> {
  const folder = temporaryFolder();
  mkdirSync(join(folder, "api"));
  if (text !== null) writeFileSync(join(folder, "api", ".env.test"), text);
  const section = { start: "x", cwd: "api", env, "env-file": ".env.test" };
  const arm: ArmPlan = {
    name: "base",
    role: "base",
    service: resolveService(section, checkInputs({}, "flag"), "base"),
  };
  return (await withEnvFile(arm, folder, job)).service.env;
}

test.each<[string, string, Record<string, string>]>([
  ["comments and blank lines", "# one\n\nA=1 # two\n  # three\nB=\n", { A: "1", B: "" }],
  ["quotes", `A="a # b"\nB='c "d"'\nC=\`e\`\n`, { A: "a # b", B: 'c "d"', C: "e" }],
  [
    "values of several lines",
    'KEY="-----BEGIN\nabc=\n-----END"\nB=2\n',
    { KEY: "-----BEGIN\nabc=\n-----END", B: "2" },
  ],
  ["export", "export A=1\nexport  B = 2\n", { A: "1", B: "2" }],
  ["line ends of Windows and a mark in front", "\uFEFFA=1\r\nB='x'\r\n", { A: "1", B: "x" }],
  ["no end of the last line", "A=1", { A: "1" }],
])("an env file may have %s", async (_, text, expected) => {
  expect(await variables(text)).toEqual(expected);
});

test("PORT in an env file is left out, since Tailgate chooses it", async () => {
  expect(await variables("PORT=3000\nA=1\n")).toEqual({ A: "1" });
});

test("the job's variable comes before the file's, and `env` before both", async () => {
  const given = { env: { B: "env" }, job: { A: "job" } };
  expect(await variables("A=file\nB=file\nC=file\n", given)).toEqual({ B: "env", C: "file" });
});

test.each([
  ["a line that sets nothing", "A=1\nset B 2\n", /line 2 of `\.env\.test` sets no variable/],
  ["a quote that does not end", 'A="one\nB=2 x\nthree\n', /line 3 of/],
  ["no such file", null, /`\.env\.test`, which its code does not have/],
])("an env file with %s is refused", async (_, text, message) => {
  await expect(variables(text)).rejects.toThrow(message);
});
