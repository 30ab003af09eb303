import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { beforeEach, expect, test } from "vitest";
import { classPathFiles } from "../../../src/service/integrity/class-path.js";
import { temporaryFolder } from "../../parts/temporary-folder.js";

let folder: string;
beforeEach(() => {
  folder = temporaryFolder();
  mkdirSync(join(folder, "classes/shop"), { recursive: true });
  mkdirSync(join(folder, "lib"));
  for (const file of [
    "classes/Main.class",
    "classes/shop/User.class",
    "classes/notes.txt",
    "lib/a.jar",
    "lib/b.jar",
  ])
    writeFileSync(join(folder, file), file);
});

const found = (words: readonly string[], environment: Readonly<Record<string, string>> = {}): string[] =>
  classPathFiles(words, environment, folder)
    .map((path) => path.slice(folder.length + 1))
    .sort();

const CLASSES = ["classes/Main.class", "classes/shop/User.class"];

test.each([
  ["-cp", ["java", "-cp", "classes", "Main"], CLASSES],
  [
    "-classpath with an archive",
    ["java", "-classpath", "classes:lib/a.jar", "Main"],
    [...CLASSES, "lib/a.jar"],
  ],
  ["--class-path and a value", ["java", "--class-path=lib/*", "Main"], ["lib/a.jar", "lib/b.jar"]],
  ["a module path", ["java", "-p", "lib", "-m", "shop/Main"], ["lib/a.jar", "lib/b.jar"]],
  ["a folder that is not there", ["java", "-cp", "target/classes", "Main"], []],
  ["no class path", ["java", "-jar", "lib/a.jar"], []],
])("a class path names the files of %s", (_, words, files) => {
  expect(found(words)).toEqual(files);
});

test("the variable CLASSPATH counts where the command line names no class path", () => {
  expect(found(["java", "Main"], { CLASSPATH: "classes" })).toEqual(CLASSES);
  expect(found(["java", "-cp", "lib/a.jar", "Main"], { CLASSPATH: "classes" })).toEqual(["lib/a.jar"]);
});
