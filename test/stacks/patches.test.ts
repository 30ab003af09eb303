import { execFileSync } from "node:child_process";
import { readdirSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { REGRESSIONS, type RegressionName } from "../../bench/regressions/expectations.js";
import { patchedRepository } from "../../bench/regressions/repository.js";
import { PROJECT_ROOT } from "../../bench/stacks/project-root.js";
import { STACKS } from "../../bench/stacks/stack.js";

/* The regressions that Tailgate has to find are patches on the examples: they have to stay so when an example changes. */

const FOLDER = join(PROJECT_ROOT, "examples", "regressions");
const patchesOf = (stack: string): string[] =>
  readdirSync(join(FOLDER, stack))
    .filter((name) => name.endsWith(".patch"))
    .map((name) => name.replace(".patch", ""));

test("every stack has at least the change that is none", () => {
  for (const { name } of STACKS) expect(patchesOf(name), name).toContain("no-op");
});

test.each(["fastify", "fastapi-async"])("%s has every regression", (stack) => {
  expect(patchesOf(stack).sort()).toEqual([...REGRESSIONS].sort());
});

test("axum has five of them and the change that is none", () => {
  expect(patchesOf("axum").length).toBeGreaterThanOrEqual(6);
});

describe.each(STACKS.map((stack) => ({ name: stack.name, stack })))("on $name", ({ stack }) => {
  test.each(patchesOf(stack.name))("%s applies, changes code and nothing else, and is expected", (name) => {
    expect(REGRESSIONS).toContain(name as RegressionName);
    const repository = patchedRepository(stack, join(FOLDER, stack.name, `${name}.patch`), {});
    try {
      const changed = execFileSync("git", ["diff", "--name-only", repository.base, repository.head], {
        cwd: repository.folder,
        encoding: "utf8",
      });
      expect(changed.trim().split("\n")).not.toContain("tailgate.yml");
      expect(changed).toMatch(/\.(?:js|py|rs)$/m);
    } finally {
      repository.remove();
    }
  });
});

test.each(patchesOf("compose"))("on compose, %s applies", (name) => {
  const patch = join(FOLDER, "compose", `${name}.patch`);
  const check = ["apply", "--check", "--directory=examples/compose", patch];
  expect(() => execFileSync("git", check, { cwd: PROJECT_ROOT, stdio: "pipe" })).not.toThrow();
});

test("the same example and patch give the same base, and gates are written into both commits", () => {
  const patch = join(FOLDER, "fastify", "no-op.patch");
  const fastify = STACKS.find(({ name }) => name === "fastify")!;
  const [one, two, gated] = [{}, {}, { cpu: "3%" }].map((gates) => patchedRepository(fastify, patch, gates));
  try {
    expect(two!.base).toBe(one!.base);
    for (const commit of [gated!.base, gated!.head]) {
      const shown = execFileSync("git", ["show", `${commit}:tailgate.yml`], {
        cwd: gated!.folder,
        encoding: "utf8",
      });
      expect(shown).toContain("cpu: 3%");
    }
  } finally {
    for (const repository of [one!, two!, gated!]) repository.remove();
  }
});
