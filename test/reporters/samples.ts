import type { Result } from "../../src/model/result.js";
import { explained, type Program } from "../explanation/profiles.js";
import { PRETTY_JSON, SERVICE } from "../explanation/programs.js";
import { sampleResult } from "./sample-result.js";

/** Names that try to be something else. */
export const HOSTILE_NAMES = [
  "a | b | c",
  "<!-- tailgate:api --> </details></code><img src=x onerror=alert(1)><script>alert(1)</script>",
  "@org/team #1 GH-12 https://example.test www.example.test",
  "`code` **bold** [link](javascript:alert(1)) ![image](http://example.test/x.png)",
  "\u202egnp.exe\u2066 \u200bzero\u200dwidth \u0000nul \u001b[31mred",
  "first\nsecond\r\n| third |",
  "\\| \\` \\< &lt;b&gt; &#64;org",
] as const;

const regression = (): Result =>
  sampleResult({
    verdict: "regression",
    reason: "1 scenario is slower than its limits allow; the test holds false reds at 5 %.",
    slower: { "list users": 1.12 },
    change: (result) => ({
      ...result,
      plan: { ...result.plan, notes: ["Head's file sets the limit of p50 to 20 %; base's 5 % governs."] },
      warnings: [
        {
          code: "p99-ungated",
          message: "The p99 of `one user` rests on ten requests a block; it stays noisy.",
        },
      ],
    }),
  });

/** The service with every function renamed to something hostile. */
function hostileProgram({ calls, cpuUs }: Program): Program {
  const renamed = (path: string): string =>
    path
      .split(" > ")
      .map((text) => {
        const [at, name] = /^\S+:\d+ /u.test(text) ? text.split(" ") : ["", text];
        const evil = HOSTILE_NAMES[text.length % HOSTILE_NAMES.length]!.replaceAll(" > ", ">");
        return `${at!} ${evil.replaceAll(" ", "\u00a0")}${name!}`.trim();
      })
      .join(" > ");
  const entries = (of: Readonly<Record<string, number>>): [string, number][] =>
    Object.entries(of).map(([path, value]) => [renamed(path), value]);
  return { calls: Object.fromEntries(entries(calls)), cpuUs: Object.fromEntries(entries(cpuUs)) };
}

const MAKERS: Readonly<Record<string, () => Result>> = {
  regression,
  pass: () => sampleResult({ noise: 0.1 }),
  inconclusive: () =>
    sampleResult({
      verdict: "inconclusive",
      reason:
        "3 rows could not be settled with 12 blocks; about 30 blocks, 4 min 10 s of measuring, would settle them.",
      noise: 0.8,
      change: (result) => ({ ...result, stopped: { look: 1, blocks: 12, why: "the budget was used up" } }),
    }),
  improved: () => sampleResult({ slower: { "list users": 0.8 }, noise: 0.1 }),
  accepted: () =>
    sampleResult({
      slower: { "list users": 1.12 },
      noise: 0.1,
      reason: "Every gated row is within its limit or accepted.",
      change: (result) => ({
        ...result,
        cells: result.cells.map((cell) =>
          cell.verdict === "regressed"
            ? {
                ...cell,
                accepted: {
                  scenario: cell.scenario,
                  metric: cell.metric,
                  limit: 0.3,
                  reason: "adds audit | log",
                  until: "2026-12-31",
                },
              }
            : cell,
        ),
      }),
    }),
  "no-baseline": () =>
    sampleResult({
      verdict: "no-baseline",
      reason: "Base does not start: it exited with code 1 before it was ready.",
      arms: [
        { name: "base", role: "base" },
        { name: "head", role: "head" },
      ],
      blocks: 6,
      change: (result) => ({
        ...result,
        blocks: result.blocks.map((block) => ({ ...block, arms: { head: block.arms["head"]! } })),
        cells: result.cells.map((cell) => ({
          ...cell,
          gated: false,
          baseline: null,
          change: null,
          low: null,
          high: null,
          p: null,
          minimumDetectable: null,
          verdict: "no-baseline" as const,
        })),
        logTail: {
          of: "base",
          lines: "Error: Cannot find module './audit.js'\n    at node:internal/modules/cjs/loader:1228:15",
        },
      }),
    }),
  invalid: () =>
    sampleResult({
      verdict: "invalid",
      reason: "Head exited with code 1 before it was ready.",
      blocks: 0,
      change: (result) => ({
        ...result,
        schedule: null,
        stopped: { look: 0, blocks: 0, why: "head does not start" },
        logTail: {
          of: "head",
          lines:
            "```\n@org/team </details> <script>alert(1)</script>\n\u001b[31mError: listen EADDRINUSE\u001b[0m\n````\n",
        },
      }),
    }),
  overloaded: () =>
    sampleResult({
      verdict: "regression",
      reason: "Head serves 240 requests/s of `list users`, base serves 620; the plan sends 310.",
      slower: { "list users": 2.6 },
      change: (result) => ({
        ...result,
        cells: result.cells.map((cell) =>
          cell.scenario === "list users" && cell.metric.startsWith("p")
            ? {
                ...cell,
                candidate: null,
                change: null,
                low: null,
                high: null,
                p: null,
                verdict: "overloaded" as const,
              }
            : cell,
        ),
      }),
    }),
  stacks: () =>
    sampleResult({
      verdict: "regression",
      reason: "express is slower than its limits allow.",
      arms: [
        { name: "fastify", role: "stack" },
        { name: "hono", role: "stack" },
        { name: "express", role: "stack" },
      ],
      slower: { "list users": 1.12 },
      slowArms: ["express"],
    }),
  "stacks-without-limits": () =>
    sampleResult({
      verdict: "inconclusive",
      reason: "no metric is gated, so nothing could be shown",
      scenarios: ["list users"],
      arms: [
        { name: "fastapi", role: "stack" },
        { name: "axum", role: "stack" },
        { name: "rocket", role: "stack" },
      ],
      slower: { "list users": 0.05 },
      slowArms: ["axum"],
      change: (result) => ({
        ...result,
        arms: result.arms.map((arm, index) => ({ ...arm, buildMs: 61_000 * index + 3_200 })),
        cells: result.cells.map((cell) => {
          const shown = { ...cell, gated: false, proof: false, limit: null };
          // One of them cannot serve the rate: how long its queue grew is no latency.
          return cell.arm === "rocket" && cell.metric === "p99"
            ? { ...shown, candidate: null, change: null, low: null, high: null, verdict: "overloaded" }
            : shown;
        }),
      }),
    }),
  control: () =>
    sampleResult({
      noise: 0.1,
      arms: [
        { name: "base", role: "base" },
        { name: "head", role: "head" },
        { name: "control", role: "control" },
      ],
    }),
  hostile: () =>
    sampleResult({
      verdict: "regression",
      reason: `${HOSTILE_NAMES.join(" and ")} are slower.`,
      scenarios: HOSTILE_NAMES,
      slower: Object.fromEntries(HOSTILE_NAMES.map((name) => [name, 1.2])),
      change: (result) => ({
        ...result,
        warnings: HOSTILE_NAMES.map((name) => ({ code: "strange", message: name })),
        plan: { ...result.plan, notes: HOSTILE_NAMES },
        logTail: { of: HOSTILE_NAMES[1], lines: HOSTILE_NAMES.join("\n") },
      }),
    }),
  explained: () => ({
    ...regression(),
    explanation: explained(
      SERVICE,
      PRETTY_JSON,
      {},
      { profileFiles: ["profiles/base-1.cpuprofile", "profiles/head-1.cpuprofile"] },
    ),
  }),
  "explained-hostile": () => ({
    ...regression(),
    explanation: explained(hostileProgram(SERVICE), hostileProgram(PRETTY_JSON)),
  }),
  scripts: () =>
    sampleResult({
      scenarios: ["قائمة المستخدمين", "ユーザー一覧", "👩‍👩‍👧‍👦 family 🚀", "long ".repeat(60).trim()],
      noise: 0.1,
    }),
  empty: () =>
    sampleResult({
      verdict: "inconclusive",
      reason: "The budget ended before the first block did.",
      blocks: 0,
      change: (result) => ({ ...result, stopped: { look: 0, blocks: 0, why: "the budget was used up" } }),
    }),
  "one-arm": () =>
    sampleResult({
      verdict: "no-baseline",
      reason: "There is no base to compare with.",
      arms: [{ name: "head", role: "head" }],
      baseline: "base",
      blocks: 6,
    }),
};

const made = new Map<string, Result>();

/** One result of every kind that a report has to show, by the name of its golden file; each is made once. */
export const SAMPLES: Readonly<Record<string, () => Result>> = Object.fromEntries(
  Object.entries(MAKERS).map(([name, make]) => [
    name,
    () => {
      const result = made.get(name) ?? make();
      made.set(name, result);
      return result;
    },
  ]),
);
