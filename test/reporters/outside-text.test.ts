import { micromark } from "micromark";
import { gfm, gfmHtml } from "micromark-extension-gfm";
import { describe, expect, test } from "vitest";
import { annotationsOf } from "../../src/github/publish/annotations.js";
import { annotate } from "../../src/github/publish/log-commands.js";
import { parseResult } from "../../src/model/parse-result.js";
import type { Result } from "../../src/model/result.js";
import { REPORTERS } from "../../src/reporters/reporters.js";
import { describePlan } from "../../src/run/describe-plan.js";
import { logLine, withoutCommands } from "../../src/text/log-text.js";
import { recordingCore } from "../github/parts/recording-core.js";
import { sampleResult } from "./sample-result.js";

/* Every string of a result may have been written by a stranger: each in its turn tries to be more than text. */

const EVIL =
  "</script><img src=x onerror=alert(1)> @org/team [x](javascript:alert(1)) \u001b[31m\u202egnp | `\n::error::e\n##[group]g";

type Path = readonly (string | number)[];

/** Records whose keys are names of others. */
const RECORDS = new Set(["env", "headers", "capture", "statuses", "capacityPerSecond", "scenarios", "arms"]);

/** A place of every kind: that of the first entry stands for a whole list. */
function places(value: unknown, path: Path = []): Path[] {
  if (typeof value === "string") return [path];
  if (Array.isArray(value)) return value.length === 0 ? [] : places(value[0], [...path, 0]);
  if (typeof value !== "object" || value === null) return [];
  return Object.entries(value).flatMap(([key, inner]) => places(inner, [...path, key]));
}

function records(value: unknown, path: Path = []): Path[] {
  if (Array.isArray(value)) return value.length === 0 ? [] : records(value[0], [...path, 0]);
  if (typeof value !== "object" || value === null) return [];
  const own = RECORDS.has(String(path.at(-1))) ? [path] : [];
  return [...own, ...Object.entries(value).flatMap(([key, inner]) => records(inner, [...path, key]))];
}

function at(root: unknown, path: Path): unknown {
  return path.reduce<unknown>((value, key) => (value as Record<string | number, unknown>)[key], root);
}

/** The result with hostile text at this place; `null` where the schema refuses it. */
function withEvil(result: Result, path: Path, asKey: boolean): Result | null {
  const copy = structuredClone(result) as unknown;
  const holder = at(copy, asKey ? path : path.slice(0, -1)) as Record<string | number, unknown>;
  if (asKey) holder[EVIL] = Object.values(holder)[0] ?? EVIL;
  else holder[path.at(-1)!] = EVIL;
  try {
    return parseResult(copy);
  } catch {
    return null;
  }
}

/** Markdown as a browser shows it, without what stands in code. */
function prose(markdown: string): string {
  const html = micromark(markdown, {
    allowDangerousHtml: true,
    extensions: [gfm()],
    htmlExtensions: [gfmHtml()],
  });
  return html.replace(/<pre>.*?<\/pre>/gsu, "").replace(/<code>.*?<\/code>/gsu, "");
}

// eslint-disable-next-line no-control-regex -- control characters are what is looked for
const INVISIBLE = /\u001b|\u202e/;
const COMMAND = /^\s*::|##\[/m;

function expectHarmless(result: Result): void {
  for (const name of ["markdown", "job-summary"] as const) {
    const text = REPORTERS[name].render(result, {});
    expect(text).not.toMatch(INVISIBLE);
    expect(prose(text)).not.toMatch(/<img|<script|<a |@\w/);
  }
  const page = REPORTERS.html.render(result, { logs: [{ arm: EVIL, text: EVIL }] });
  expect(page).not.toMatch(INVISIBLE);
  expect(page).not.toMatch(/<img|<\/script><|href="javascript/);
  const printed = withoutCommands(REPORTERS.terminal.render(result, {}));
  expect(printed).not.toMatch(INVISIBLE);
  expect(printed).not.toMatch(COMMAND);
  if (result.schedule !== null) {
    for (const line of describePlan(result.plan, result.schedule)) expect(logLine(line)).not.toMatch(COMMAND);
  }
  const core = recordingCore();
  for (const one of annotationsOf(result, true)) annotate(core, one);
  for (const line of core.lines) expect(line).not.toMatch(/\n|\u202e/);
}

const SAMPLE = sampleResult({
  verdict: "regression",
  slower: { "list users": 1.12 },
  blocks: 7,
  change: (result) => ({
    ...result,
    logTail: { of: "head", lines: "the end" },
    warnings: [{ code: "a", message: "a warning" }],
    plan: {
      ...result.plan,
      notes: ["a note"],
      arms: result.plan.arms.map((arm) => ({ ...arm, service: { ...arm.service, env: { NAME: "value" } } })),
      accept: [{ scenario: null, metric: "p50", limit: 0.1, reason: "a reason", until: "2026-12-31" }],
    },
  }),
});

describe("hostile text in a result is text in every report, wherever it stands", () => {
  test.each(places(SAMPLE).map((path) => [path.join("."), path] as const))("%s", (_name, path) => {
    const result = withEvil(SAMPLE, path, false);
    if (result !== null) expectHarmless(result);
    else expect(String(at(SAMPLE, path))).not.toContain(" "); // The schema knows what may stand there: no sentence.
  });

  test.each(records(SAMPLE).map((path) => [path.join("."), path] as const))(
    "as a key of %s",
    (_name, path) => {
      const result = withEvil(SAMPLE, path, true);
      if (result !== null) expectHarmless(result);
    },
  );
});
