import { readFileSync, readdirSync } from "node:fs";
import { dirname, join, relative, resolve } from "node:path";
import { expect, test } from "vitest";
import { importsOf } from "./parts/imports.js";

/** Rooms in the order of the line: a room imports itself and those before it. */
const ORDER = [
  "error",
  "version",
  "stats",
  "text",
  "bounded-values",
  "metrics",
  "model",
  "history",
  "config",
  "shards",
  "files",
  "service",
  "git",
  "load",
  "probes",
  "experiment",
  "store",
  "verdict",
  "explanation",
  "diagnosis",
  "reporters",
  "run",
  "calibration",
  "bisection",
  "github",
  "demo",
  "init",
  "commands",
  "cli",
  "action",
  "post",
];

/** Rooms and files that only compute: no system, no network, no clock of their own. */
const PURE = [
  /^stats\//,
  /^bounded-values/,
  /^text\//,
  /^metrics\//,
  /^model\//,
  /^history\//,
  /^config\//,
  /^shards\//,
  /^verdict\//,
  /^explanation\//,
  /^reporters\//,
  /^calibration\/(advice|arms|calibration|experiments|noise|pairs|progress|rates|record|text)\.ts$/,
  /^bisection\//,
  /^init\/guess\//,
  /^load\/(schedule|samples|requests)\//,
  /^diagnosis\/(diagnosis-failed|diagnosis-ports|diagnosis-schedule|merge-readings)\.ts$/,
  /^experiment\/(order|load-size|plan-schedule|phases|validity-warnings)\.ts$/,
];

const SRC = resolve(import.meta.dirname, "../src");

interface File {
  readonly path: string;
  readonly room: string;
  readonly imports: readonly string[];
}

const files: File[] = readdirSync(SRC, { recursive: true, encoding: "utf8" })
  .filter((path) => path.endsWith(".ts") && !path.endsWith(".d.ts"))
  .map((path) => {
    const text = readFileSync(join(SRC, path), "utf8");
    return {
      path,
      room: roomOf(path),
      imports: importsOf(text),
    };
  });

function roomOf(path: string): string {
  return path.split("/")[0]!.replace(/\.ts$/, "");
}

/** What a relative import means, from src/. */
function fileOf(path: string, name: string): string {
  return relative(SRC, resolve(SRC, dirname(path), name.replace(/\.js$/, ".ts")));
}

test("the walk sees every room and its imports", () => {
  expect([...new Set(files.map((file) => file.room))].sort()).toEqual([...ORDER].sort());
  expect(files.find((file) => file.path === "run/run-gate.ts")?.imports).toContain(
    "./measure-available-arms.js",
  );
});

test("data flows one way: no room imports a later one", () => {
  const backwards = files.flatMap((file) =>
    file.imports
      .filter((name) => name.startsWith("."))
      .map((name) => roomOf(fileOf(file.path, name)))
      .filter((room) => ORDER.indexOf(room) > ORDER.indexOf(file.room))
      .map((room) => `${file.path} -> ${room}`),
  );
  expect(backwards).toEqual([]);
});

test("no file imports itself by a detour, not even for a type", () => {
  const importsOfFile = new Map(
    files.map(({ path, imports }) => [
      path,
      imports.filter((name) => name.startsWith(".")).map((name) => fileOf(path, name)),
    ]),
  );
  const circles = files.flatMap(({ path }) => {
    const reached = new Set(importsOfFile.get(path));
    for (const file of reached) for (const next of importsOfFile.get(file) ?? []) reached.add(next);
    return reached.has(path) ? [path] : [];
  });
  expect(circles).toEqual([]);
});

test("pure rooms touch no system and no runner", () => {
  const impure = files
    .filter((file) => PURE.some((pattern) => pattern.test(file.path)))
    .flatMap((file) =>
      file.imports
        .filter((name) => name.startsWith("node:") || name.startsWith("@actions/"))
        .map((name) => `${file.path} -> ${name}`),
    );
  expect(impure).toEqual([]);
});

test("pure rooms take clock and chance from their caller", () => {
  const own = files
    .filter((file) => PURE.some((pattern) => pattern.test(file.path)))
    .filter((file) => {
      // Neither comments nor code that a sentence shows count.
      const code = readFileSync(join(SRC, file.path), "utf8").replace(
        /\/\*[\s\S]*?\*\/|\/\/.*$|\\`[^`]*\\`/gm,
        "",
      );
      return /\bDate\.now\(|\bnew Date\(\)|\bMath\.random\(|\bperformance\.now\(|\bprocess\./.test(code);
    })
    .map((file) => file.path);
  expect(own).toEqual([]);
});
