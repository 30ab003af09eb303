import { describe, expect, test } from "vitest";
import { runDropping } from "../../../bench/statistics/settling.js";
import type { Observations } from "../../../src/model/observations.js";
import type { ObservedCell } from "../../../src/model/observed-cell.js";
import { judge } from "../../../src/verdict/judging/judge.js";
import { settledScenarios } from "../../../src/verdict/judging/settled-scenarios.js";
import { observations, observedCell } from "../made-up-observations.js";

const quiet = (scenario: string, changes: Parameters<typeof observedCell>[0] = {}): ObservedCell =>
  observedCell({ scenario, seed: 3, ...changes });
const rough = (scenario: string, changes: Parameters<typeof observedCell>[0] = {}): ObservedCell =>
  observedCell({ scenario, seed: 5, spread: 0.08, ...changes });

/** So many blocks of each cell. */
function cut(all: Observations, blocks: (cell: ObservedCell) => number): Observations {
  const cells = all.cells.map((cell) => {
    const values = Object.entries(cell.values).map(
      ([arm, row]) => [arm, row.slice(0, blocks(cell))] as const,
    );
    return { ...cell, values: Object.fromEntries(values) };
  });
  return { ...all, cells };
}

describe("a scenario is settled", () => {
  const two = observations([quiet("list"), rough("create")], { alpha: 0.01 });

  test("at the look at which it would have passed alone", () => {
    expect(settledScenarios(cut(two, () => 12))).toEqual(["list"]);
  });

  test("at no number of blocks between looks, and at no last look", () => {
    expect(settledScenarios(cut(two, () => 13))).toEqual([]);
    expect(settledScenarios(two)).toEqual([]);
  });

  test("only where all of its rows that need proof are within their limits", () => {
    const open = observations([quiet("list"), rough("list", { metric: "p90" })]);
    expect(settledScenarios(cut(open, () => 12))).toEqual([]);
    const tail = observations([quiet("list"), rough("list", { metric: "p90", proof: false })]);
    expect(settledScenarios(cut(tail, () => 12))).toEqual(["list"]);
  });

  test("never where none of its rows needs proof, nor where one is worse", () => {
    const shown = observations([quiet("list", { proof: false })]);
    expect(settledScenarios(cut(shown, () => 12))).toEqual([]);
    const slower = observations([quiet("list", { factor: 1.2 })]);
    expect(settledScenarios(cut(slower, () => 12))).toEqual([]);
  });

  test("where it is worse by no more than a person accepted", () => {
    const accepted = observations([quiet("list", { factor: 1.1, accepted: 0.3 })]);
    expect(settledScenarios(cut(accepted, () => 12))).toEqual(["list"]);
  });

  test("at every look after the one at which it was dropped", () => {
    const later = cut(two, ({ scenario }) => (scenario === "list" ? 12 : 20));
    expect(settledScenarios(later)).toContain("list");
  });
});

describe("a scenario that was not measured any more after it was settled", () => {
  const dropped = cut(observations([quiet("list"), quiet("create", { spread: 0.03 })]), ({ scenario }) =>
    scenario === "list" ? 12 : 40,
  );

  test("does not hold up a pass, and is shown as it was judged then", () => {
    const judgement = judge(dropped);
    const alone = judge(cut(observations([quiet("list")]), () => 12)).cells[0]!;
    expect(judgement.verdict).toBe("pass");
    expect(judgement.look).toBeGreaterThan(12);
    expect(judgement.cells[0]).toMatchObject({ verdict: "unchanged", low: alone.low, high: alone.high });
  });

  test("does not hide that another is worse", () => {
    const cells = [quiet("list"), quiet("create", { spread: 0.04, factor: 1.1 })];
    const worse = cut(observations(cells), ({ scenario }) => (scenario === "list" ? 12 : 40));
    expect(judge(worse)).toMatchObject({ verdict: "regression" });
    expect(judge(worse).cells.map(({ verdict }) => verdict)).toEqual(["unchanged", "regressed"]);
  });

  test("holds up the pass if it was not settled when its measuring ended", () => {
    const early = cut(observations([rough("list"), quiet("create")]), ({ scenario }) =>
      scenario === "list" ? 12 : 40,
    );
    expect(judge(early).verdict).toBe("inconclusive");
    const between = cut(observations([quiet("list"), quiet("create", { spread: 0.03 })]), ({ scenario }) =>
      scenario === "list" ? 14 : 40,
    );
    expect(judge(between).verdict).toBe("inconclusive");
  });
});

/** Ten scenarios, every other of them rough, with a common shift. */
function ten(seed: number, factor: number): Observations {
  const cells = Array.from({ length: 10 }, (_, i) =>
    observedCell({ scenario: `s${i}`, seed: 100 * seed + i, spread: i % 2 === 0 ? 0.015 : 0.035, factor }),
  );
  return observations(cells, { alpha: 0.01, seed });
}

test("judging the recorded blocks again gives the answer that the run with dropped scenarios gave", () => {
  for (let seed = 1; seed <= 15; seed++) {
    const { answer, recorded } = runDropping(ten(seed, seed % 3 === 0 ? 1.03 : 1), true);
    expect(judge(recorded)).toEqual(answer.judgement());
  }
});

test("dropping what is settled keeps the verdicts of unchanged runs and saves a third of the measuring", () => {
  let [whole, saved] = [0, 0];
  for (let seed = 1; seed <= 60; seed++) {
    const unchanged = ten(seed, 1);
    const [all, dropping] = [runDropping(unchanged, false), runDropping(unchanged, true)];
    expect(dropping.answer.verdict).not.toBe("regression");
    if (all.answer.verdict === "pass") expect(dropping.answer.verdict).toBe("pass");
    whole += all.scenarioBlocks;
    saved += whole === 0 ? 0 : all.scenarioBlocks - dropping.scenarioBlocks;
  }
  expect(saved / whole).toBeGreaterThan(1 / 3);
});
