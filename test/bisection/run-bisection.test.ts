import { describe, expect, test } from "vitest";
import { chooseCell, evidenceOf } from "../../src/bisection/evidence.js";
import type { BisectionRecord } from "../../src/bisection/record.js";
import { runBisection, type BisectionQuestion } from "../../src/bisection/run-bisection.js";
import { conclusionText } from "../../src/bisection/text.js";
import type { Result } from "../../src/model/result.js";
import { sampleResult } from "../reporters/sample-result.js";
import { memoryStore } from "../store/memory-store.js";

const COMMITS = Array.from({ length: 16 }, (_, index) => ({
  sha: (index + 1).toString(16).padStart(40, "0"),
  subject: `commit ${index + 1}\u202e`,
}));
const QUESTION: BisectionQuestion = {
  good: "f".repeat(40),
  commits: COMMITS as unknown as BisectionQuestion["commits"],
  scenario: null,
  metric: null,
  limits: { confidence: 0.95, mostSteps: 30 },
};
const SLOW = sampleResult({ slower: { "list users": 1.15 }, verdict: "regression" });
const SAME = sampleResult();
const INVALID: Result = { ...SAME, verdict: "invalid", reason: "head does not build", blocks: [], cells: [] };

/** A world in which the commit at this place, from 1, made it slower. */
function world(culprit: number, records = memoryOf(), broken: readonly number[] = []) {
  const compared: number[] = [];
  const lines: string[] = [];
  const compare = (commit: { readonly sha: string }): Promise<Result> => {
    const place = parseInt(commit.sha, 16);
    compared.push(place);
    return Promise.resolve(broken.includes(place) ? INVALID : place >= culprit ? SLOW : SAME);
  };
  return { compared, lines, ports: { compare, records, say: (line: string) => lines.push(line) } };
}

function memoryOf() {
  return memoryStore<BisectionRecord>({ identityOf: (record) => JSON.stringify(record) });
}

test("a bisection compares bad first, looks for what regressed there, and finds the commit", async () => {
  const { compared, ports } = world(11);
  const { record, end } = await runBisection(QUESTION, ports);
  expect(compared[0]).toBe(16);
  expect(compared.length).toBeLessThanOrEqual(8);
  expect(record.sought).toMatchObject({ scenario: "list users" });
  expect(end).toMatchObject({ why: "found", suspect: { first: 11, last: 11 } });
  expect(
    conclusionText(end, COMMITS, record.sought, { steps: record.steps.length, durationMs: 60_000 }),
  ).toMatch(
    /^0000000000 \(commit 11\) made p\d+ of list users slower: [\d.]+ % sure after \d comparisons, 1 min\.|60 s/u,
  );
});

test("one that was interrupted goes on from what was kept, and measures nothing twice for that", async () => {
  const records = memoryOf();
  const first = world(11, records);
  let left = 1;
  const stopping = {
    ...first.ports,
    compare: (commit: { readonly sha: string }) =>
      left-- > 0 ? first.ports.compare(commit) : Promise.reject(new Error("cancelled")),
  };
  await expect(runBisection(QUESTION, stopping)).rejects.toThrow("cancelled");
  const second = world(11, records);
  const { record, end } = await runBisection(QUESTION, second.ports);
  expect(second.lines[0]).toBe("Going on after 1 comparison.");
  expect(record.steps.map(({ place }) => place)).toEqual([...first.compared, ...second.compared]);
  expect(end.suspect).toMatchObject({ first: 11, last: 11 });
});

test("commits that do not build are named together with the next one that does", async () => {
  const { ports } = world(8, memoryOf(), [7, 8, 9]);
  const { record, end } = await runBisection(QUESTION, ports);
  expect(end).toMatchObject({ why: "found", suspect: { first: 7, last: 10 } });
  const text = conclusionText(end, COMMITS, record.sought, { steps: 9, durationMs: 1 });
  expect(text).toMatch(/^One of .*commit 7\).*commit 10\)/u);
  expect(text).not.toContain("\u202e");
});

test("a bad commit in which nothing regressed ends the search and says so", async () => {
  const { lines, ports } = world(99);
  const { end } = await runBisection(QUESTION, ports);
  expect(end.why).toBe("no-measurement");
  expect(lines.join("\n")).toContain("says nothing: nothing regressed");
});

describe("what a comparison says", () => {
  const cell = { scenario: "list users", metric: "p50" };

  test("is its change with the standard error that its interval has, worse being positive", () => {
    const found = evidenceOf(SLOW, cell);
    const own = SLOW.cells.find((one) => one.scenario === "list users" && one.metric === "p50")!;
    expect(found).toMatchObject({ kind: "measured", worsening: Math.log1p(own.change!) });
    const throughput = evidenceOf(SLOW, { scenario: "list users", metric: "throughput" });
    const less = SLOW.cells.find((one) => one.scenario === "list users" && one.metric === "throughput")!;
    expect(throughput).toMatchObject({ kind: "measured", worsening: -Math.log1p(less.change!) });
  });

  test("is nothing where the good commit no longer builds, or where the machine was too busy", () => {
    expect(evidenceOf({ ...SAME, verdict: "no-baseline" }, cell).kind).toBe("failed");
    expect(evidenceOf({ ...SAME, verdict: "invalid" }, cell).kind).toBe("failed");
    expect(evidenceOf(INVALID, cell).kind).toBe("untestable");
  });

  test("is that it is worse where it cannot serve the load, and that it is untestable without the scenario", () => {
    const cells = SLOW.cells.map((one) => ({
      ...one,
      verdict: "overloaded" as const,
      change: null,
      low: null,
      high: null,
    }));
    expect(evidenceOf({ ...SLOW, cells }, cell).kind).toBe("broken");
    expect(evidenceOf(SLOW, { scenario: "new", metric: "p50" }).kind).toBe("untestable");
  });

  test("chooses the regression that is named, or the clearest", () => {
    expect(chooseCell(SLOW, { scenario: null, metric: null })).toMatchObject({ scenario: "list users" });
    expect(chooseCell(SLOW, { scenario: "one user", metric: "p50" })).toEqual({
      scenario: "one user",
      metric: "p50",
    });
    expect(chooseCell(SAME, { scenario: null, metric: null })).toBeNull();
  });
});
