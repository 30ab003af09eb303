import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { digestOf, folderOf, keep, kept } from "../../bench/regressions/store.js";
import { sampleResult } from "../reporters/sample-result.js";

let out: string;
beforeEach(() => {
  out = mkdtempSync(join(tmpdir(), "regressions-store-"));
});
afterEach(() => {
  rmSync(out, { recursive: true, force: true });
});

const trial = { stack: "fastify", regression: "leak", run: 2 };

test("a trial that was kept is found again, with its result, as long as it is of the same code", () => {
  mkdirSync(folderOf(out, trial), { recursive: true });
  const result = sampleResult({ blocks: 6 });
  writeFileSync(join(folderOf(out, trial), "result.json"), JSON.stringify(result));
  keep(out, { trial, digest: "one", exitCode: 1, wallMs: 1000 });
  expect(kept(out, trial, "one")).toMatchObject({ exitCode: 1, result: { verdict: result.verdict } });
  expect(kept(out, trial, "another")).toBeNull();
  expect(kept(out, { ...trial, run: 1 }, "one")).toBeNull();
});

test("one that was interrupted before it was kept is measured again", () => {
  mkdirSync(folderOf(out, trial), { recursive: true });
  writeFileSync(join(folderOf(out, trial), "result.json"), "{");
  expect(kept(out, trial, "one")).toBeNull();
});

test("a digest changes with every file and with what else is told, and not with a build", () => {
  writeFileSync(join(out, "a"), "1");
  const before = digestOf([out], { budget: "3m" });
  expect(digestOf([out], { budget: "1m" })).not.toBe(before);
  mkdirSync(join(out, "node_modules", "x"), { recursive: true });
  writeFileSync(join(out, "node_modules", "x", "y"), "");
  expect(digestOf([out], { budget: "3m" })).toBe(before);
  writeFileSync(join(out, "a"), "2");
  expect(digestOf([out], { budget: "3m" })).not.toBe(before);
});
