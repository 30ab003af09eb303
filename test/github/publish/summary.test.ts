import { mkdtemp, readFile, rm, stat, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { summaryTexts, writeSummary } from "../../../src/github/publish/summary.js";
import { sampleResult } from "../../reporters/sample-result.js";
import { slowerResult } from "../parts/slower-result.js";

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "tailgate-summary-"));
});
afterAll(() => rm(folder, { recursive: true }));

test("the summary is appended to what is there", async () => {
  const path = join(folder, "a.md");
  await writeFile(path, "before\n");
  expect(await writeSummary(path, [() => "report"])).toBeNull();
  expect(await readFile(path, "utf8")).toBe("before\nreport\n");
});

test("the summary is made shorter until it fits into 1 MiB, whatever its characters weigh", async () => {
  const path = join(folder, "b.md");
  const texts = [600_000, 500_000, 200_000].map((length) => () => "\u4e16".repeat(length));
  expect(await writeSummary(path, texts)).toBeNull();
  expect((await stat(path)).size).toBe(600_001);
});

test("the summary has the pictures where they fit, and of 500 cells still the report", async () => {
  const path = join(folder, "pictures.md");
  await writeSummary(path, summaryTexts(slowerResult(2)));
  expect(await readFile(path, "utf8")).toContain("```mermaid");
  const names = Array.from({ length: 72 }, (_, i) => `scenario ${i}`);
  const large = join(folder, "large.md");
  expect(await writeSummary(large, summaryTexts(sampleResult({ scenarios: names })))).toBeNull();
  expect((await stat(large)).size).toBeLessThan(1024 * 1024);
});

test("a summary that is full already stays as it is", async () => {
  const path = join(folder, "c.md");
  await writeFile(path, "x".repeat(1024 * 1024 - 10));
  expect(await writeSummary(path, [() => "longer than ten"])).toMatch(/full/);
  expect((await stat(path)).size).toBe(1024 * 1024 - 10);
});

test("an unset summary file is a note", async () => {
  expect(await writeSummary(null, [() => "x"])).toMatch(/GITHUB_STEP_SUMMARY is not set/);
});

test("a summary that cannot be written is a note with the system's reason", async () => {
  expect(await writeSummary(join(folder, "absent", "x.md"), [() => "x"])).toMatch(/ENOENT/);
  expect(await writeSummary(folder, [() => "x"])).toMatch(/EISDIR/);
});
