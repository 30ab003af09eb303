import { expect, test } from "vitest";
import { MEASURING, testFiles } from "./parts/projects.js";

const files = testFiles();

test("every way to run has its files", () => {
  for (const names of Object.values(files)) expect(names).not.toEqual([]);
  expect(files.pure).toContain("test/stats/random.test.ts");
  expect(files.edges).toContain("test/docs.test.ts");
  expect(files.database).toContain("test/e2e/stacks.test.ts");
});

test.each(MEASURING)("a file that %s names as measuring runs with nothing beside it", (pattern) => {
  const alone = files.alone.map((name) => name.replace("test/", ""));
  expect(alone.filter((name) => pattern.test(name))).not.toEqual([]);
});
