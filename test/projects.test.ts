import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
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

// Files share their modules: a hook at the top of a part would belong to the first file that loads it, and to no other.
test("no part of the tests registers a hook when it is loaded", () => {
  const parts = readdirSync(import.meta.dirname, { recursive: true, encoding: "utf8" }).filter(
    (name) => name.endsWith(".ts") && !name.endsWith(".test.ts"),
  );
  expect(parts).toContain("parts/temporary-folder.ts");
  const hook = /^(?:before|after)(?:All|Each)\(|^onTestF/m;
  const registering = parts.filter((name) =>
    hook.test(readFileSync(join(import.meta.dirname, name), "utf8")),
  );
  expect(registering).toEqual([]);
});
