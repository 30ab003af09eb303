import { execFileSync } from "node:child_process";
import { cpSync, existsSync, mkdirSync, readFileSync, readdirSync } from "node:fs";
import { join, resolve } from "node:path";
import { beforeAll, expect, test } from "vitest";
import { VERSION } from "../../src/version.js";
import { bundles } from "../parts/bundles.js";
import { makeRepository } from "./parts/repository.js";

const ROOT = resolve(import.meta.dirname, "../..");

interface Packed {
  readonly filename: string;
  readonly size: number;
  readonly files: readonly { readonly path: string }[];
}

let folder: string;
let packed: Packed;

beforeAll(() => {
  const repository = makeRepository();
  folder = repository.folder;
  // A copy: packing writes package.json for a moment, and other tests read it.
  for (const name of [
    "package.json",
    "README.md",
    "LICENSE",
    "CHANGELOG.md",
    "scripts",
    "schema",
    "action.yml",
  ]) {
    cpSync(join(ROOT, name), join(folder, name), { recursive: true });
  }
  cpSync(bundles(), join(folder, "dist"), { recursive: true });
  const npm = (...words: string[]): string => execFileSync("npm", words, { cwd: folder, encoding: "utf8" });
  [packed] = JSON.parse(npm("pack", "--json").replace(/^[^[]*/, "")) as [Packed];
  mkdirSync(join(folder, "unpacked"));
  execFileSync("tar", ["-xzf", packed.filename, "-C", "unpacked"], { cwd: folder });
  return () => {
    repository.remove();
  };
});

const run = (...words: string[]): string =>
  execFileSync(process.execPath, [join(folder, "unpacked/package/dist/cli.js"), ...words], {
    cwd: join(folder, "unpacked"),
    encoding: "utf8",
  });

test("what is packed runs by itself, with nothing installed beside it", () => {
  expect(existsSync(join(folder, "unpacked/node_modules"))).toBe(false);
  expect(run("--version").trim()).toBe(VERSION);
  expect(run("--help")).toContain("tailgate");
});

test("the package asks for no other package, and holds what the command needs and nothing else", () => {
  const manifest = JSON.parse(readFileSync(join(folder, "unpacked/package/package.json"), "utf8")) as object;
  expect(Object.keys(manifest).filter((key) => /dependencies|scripts|overrides/i.test(key))).toEqual([]);
  const names = packed.files.map(({ path }) => path).filter((path) => !path.startsWith("schema/"));
  const needed = readdirSync(bundles()).filter((name) => name !== "action.js" && name !== "post.js");
  expect(names.sort()).toEqual(
    ["LICENSE", "README.md", ...needed.map((name) => `dist/${name}`), "package.json"].sort(),
  );
});

test("package.json is the whole one again after packing", () => {
  expect(readFileSync(join(folder, "package.json"), "utf8")).toBe(
    readFileSync(join(ROOT, "package.json"), "utf8"),
  );
  expect(readdirSync(folder)).not.toContain("package.json.whole");
});
