import { readFileSync } from "node:fs";
import { resolve } from "node:path";
import { expect, test } from "vitest";
import { parse } from "yaml";
import { movingTag, releaseNotes } from "../scripts/release-notes.mjs";

const ROOT = resolve(import.meta.dirname, "..");
const CHANGELOG = `# Changelog

## [Unreleased]

- next

## [1.2.0] - 2026-12-31

### Added

- this

## [1.1.0] - unreleased

- that
`;

test("the notes of a release are its section of the changelog", () => {
  expect(releaseNotes(CHANGELOG, "1.2.0")).toBe("### Added\n\n- this\n");
});

test.each([
  ["1.3.0", "has no section [1.3.0]"],
  ["1.1.0", "needs its day"],
  ["1.2", "has no section [1.2]"],
])("a version %s that the changelog does not release is refused", (version, message) => {
  expect(() => releaseNotes(CHANGELOG, version)).toThrow(message);
});

test("the tag of the major version moves with a release of package.json's version alone", () => {
  expect(movingTag("v1.2.0", "1.2.0")).toBe("v1");
  expect(() => movingTag("v1.2.0", "1.2.1")).toThrow("package.json has version 1.2.1");
  expect(() => movingTag("v2.0.0-rc.1", "2.0.0-rc.1")).toThrow("moves no tag");
});

interface Workflow {
  readonly permissions: object;
  readonly jobs: Readonly<
    Record<
      string,
      {
        readonly needs?: string;
        readonly permissions: object;
        readonly steps: readonly { readonly run?: string }[];
      }
    >
  >;
}

test("nothing is published before tests, types and dist have passed, and the tag moves last", () => {
  const text = readFileSync(resolve(ROOT, ".github/workflows/release.yml"), "utf8");
  const { permissions, jobs } = parse(text) as Workflow;
  expect(permissions).toEqual({});
  const before = jobs["test"]!.steps.map(({ run }) => run);
  expect(before).toEqual(expect.arrayContaining(["npm test", "npm run typecheck", "npm run check:dist"]));
  expect(jobs["test"]!.permissions).toEqual({ contents: "read" });
  expect(jobs["publish"]!.needs).toBe("test");
  expect(jobs["publish"]!.steps.at(-1)!.run).toContain("--moving");
});
