import { readdirSync, readFileSync } from "node:fs";
import { join, relative } from "node:path";
import ts from "typescript";
import { expect, test } from "vitest";
import { fileSchema } from "../../src/config/file/file.js";
import { knownKeys } from "../../src/config/file/known-keys.js";

const ROOT = join(import.meta.dirname, "../..");

/** A key as sentences name it: `service.build-timeout`. Files such as report.html are none. */
const NAMED_KEY = new RegExp(
  String.raw`(?<![\w./$-])(?:${knownKeys(fileSchema, []).join("|")})(?:\.[A-Za-z][\w-]*)+(?![\w/(])`,
  "g",
);
const FILES_OF_A_RUN = new Set(["report.md", "report.html", "report.json"]);

function keysNamedIn(text: string): string[] {
  return [...text.matchAll(NAMED_KEY)].map(([key]) => key).filter((key) => !FILES_OF_A_RUN.has(key));
}

/** Keys named in what a source file may show to a person: in strings, and in templates without what they insert. */
function keysInMessages(path: string): string[] {
  const source = readFileSync(path, "utf8");
  if (keysNamedIn(source).length === 0) return [];
  const keys: string[] = [];
  const visit = (node: ts.Node): void => {
    if (ts.isStringLiteralLike(node) || ts.isTemplateHead(node) || ts.isTemplateMiddleOrTemplateTail(node))
      keys.push(...keysNamedIn(node.text));
    ts.forEachChild(node, visit);
  };
  visit(ts.createSourceFile(path, source, ts.ScriptTarget.Latest));
  return keys;
}

function filesIn(folder: string, ending: string): string[] {
  return readdirSync(join(ROOT, folder), { recursive: true, encoding: "utf8" })
    .filter((name) => name.endsWith(ending))
    .map((name) => join(ROOT, folder, name));
}

/** What is named although the configuration file has no such key. Below \`env\` and \`headers\` any name may stand. */
function unknown(key: string): boolean {
  const path = key.split(".");
  return path.some((part, depth) => {
    const known = knownKeys(fileSchema, path.slice(0, depth));
    return known.length > 0 && !known.includes(part);
  });
}

test("a key that the configuration file does not have is told from one that it has", () => {
  expect(["service.buildTimeout", "load.concurrency"].filter(unknown)).toHaveLength(2);
  expect(["service.build-timeout", "service.env.PORT", "gates.p50.limit"].filter(unknown)).toEqual([]);
});

test("every key that a message names is a key of the configuration file", () => {
  const named = filesIn("src", ".ts").flatMap((path) =>
    keysInMessages(path).map((key) => ({ key, at: relative(ROOT, path) })),
  );
  expect(named).toContainEqual({ key: "service.build-timeout", at: "src/service/build/hook.ts" });
  expect(named.filter(({ key }) => unknown(key))).toEqual([]);
});

test("every key that the documentation names is a key of the configuration file", () => {
  const pages = [...filesIn("docs", ".md"), join(ROOT, "README.md"), join(ROOT, "CONTRIBUTING.md")];
  const named = pages.flatMap((path) =>
    [...readFileSync(path, "utf8").matchAll(/`([^`\n]+)`/g)]
      .flatMap(([, code]) => keysNamedIn(code!))
      .map((key) => ({ key, at: relative(ROOT, path) })),
  );
  expect(named.map(({ key }) => key)).toContain("service.ready.path");
  expect(named.filter(({ key }) => unknown(key))).toEqual([]);
});
