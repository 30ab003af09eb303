import { describe, expect, test } from "vitest";
import { judge, judgeSoFar } from "../../../src/verdict/judging/judge.js";
import type { Observations } from "../../../src/model/observations.js";
import type { ObservedCell } from "../../../src/model/observed-cell.js";
import type { Judgement } from "../../../src/model/judgement.js";
import { noisy, observations, observedCell } from "../made-up-observations.js";

function upTo(all: Observations, blocks: number): Observations {
  const cells = all.cells.map((cell) => ({
    ...cell,
    values: Object.fromEntries(Object.entries(cell.values).map(([arm, row]) => [arm, row.slice(0, blocks)])),
  }));
  return { ...all, cells };
}

/** Asks after every block, as a run does. */
function live(all: Observations, blocks: number): Judgement {
  for (let n = 1; n < blocks; n++) {
    const answer = judgeSoFar(upTo(all, n), { more: true });
    if (answer !== null) return answer;
  }
  return judgeSoFar(upTo(all, blocks), { more: false })!;
}

const first = (judgement: Judgement) => judgement.cells[0]!;

describe("a run", () => {
  test("that is clearly slower regresses at the first look", () => {
    const judgement = judge(observations([observedCell({ factor: 1.1 })]));
    expect(judgement).toMatchObject({ verdict: "regression", look: 12 });
    expect(first(judgement).verdict).toBe("regressed");
    expect(first(judgement).change).toBeGreaterThan(0.08);
    expect(first(judgement).pAdjusted).toBeLessThanOrEqual(0.005);
  });

  test("that is clearly the same passes at the first look", () => {
    const judgement = judge(observations([observedCell()]));
    expect(judgement).toMatchObject({ verdict: "pass", look: 12 });
    expect(first(judgement).verdict).toBe("unchanged");
  });

  test("that is clearly faster passes, and its cell has improved", () => {
    const judgement = judge(observations([observedCell({ factor: 0.85 })]));
    expect(judgement.verdict).toBe("pass");
    expect(first(judgement).verdict).toBe("improved");
  });

  test("at its limit is still open after the last look, and says what it could have seen", () => {
    const judgement = judge(observations([observedCell({ factor: 1.04, spread: 0.08 })]));
    expect(judgement).toMatchObject({ verdict: "inconclusive", look: 40 });
    expect(first(judgement).minimumDetectable).toBeGreaterThan(0.05);
  });

  test("with fewer than six blocks is inconclusive, however clear it looks", () => {
    const judgement = judge(observations([observedCell({ factor: 2, blocks: 5 })]));
    expect(judgement).toMatchObject({ verdict: "inconclusive", look: 5 });
    expect(first(judgement).verdict).toBe("inconclusive");
  });

  test.each([6, 7, 8, 9, 10, 11, 12, 15])("with %i blocks shows that the time has doubled", (blocks) => {
    expect(judge(observations([observedCell({ factor: 2, blocks })])).verdict).toBe("regression");
    expect(judge(observations([observedCell({ factor: 0.5, blocks })])).cells[0]!.verdict).toBe("improved");
  });

  test("at an alpha of 1 % a change that is the same in every block is red with seven blocks and with twelve", () => {
    const same = (blocks: number): ObservedCell =>
      observedCell({
        values: {
          base: Array.from({ length: blocks }, (_, i) => 1000 + i),
          head: Array.from({ length: blocks }, (_, i) => 1.5 * (1000 + i)),
        },
      });
    for (const blocks of [7, 8, 11, 12, 13]) {
      expect(judge(observations([same(blocks)], { alpha: 0.01, looks: [] })).verdict).toBe("regression");
    }
  });

  test("at an alpha of 1 % with six blocks is never red, and with seven it can be", () => {
    const doubled = (blocks: number) =>
      judge(observations([observedCell({ factor: 2, blocks })], { alpha: 0.01 }));
    expect(doubled(6).verdict).toBe("inconclusive");
    expect(doubled(7).verdict).toBe("regression");
  });

  test("without looks is judged once, with all its blocks", () => {
    expect(judge(observations([observedCell({ blocks: 23 })], { looks: [] })).look).toBe(23);
  });

  test("of one block has nothing to show yet", () => {
    const one = observations([observedCell({ blocks: 1 })]);
    expect(judgeSoFar(one, { more: true })).toBeNull();
    expect(judgeSoFar(one, { more: false })).toEqual({ verdict: "inconclusive", look: 1, cells: [] });
  });
});

test("judging a finished run again gives the answer that it got while it ran", () => {
  for (let seed = 1; seed <= 12; seed += 3) {
    for (const end of [8, 12, 17, 34]) {
      const cells = [
        observedCell({ seed, spread: 0.05, factor: 1 + 0.01 * seed }),
        observedCell({ seed: seed + 50, metric: "p99", spread: 0.1, factor: 1.1, proof: false, limit: 0.15 }),
      ];
      const all = observations(cells);
      const answer = live(all, end);
      expect(judge(upTo(all, answer.look))).toEqual(answer);
      expect(judge(upTo(all, end))).toEqual(answer);
    }
  }
});

test("an interval that straddles the limit never passes", () => {
  for (let seed = 1; seed <= 60; seed++) {
    const blocks = 6 + (seed % 30);
    const cell = observedCell({ seed, blocks, spread: 0.04, factor: 1.02 });
    for (const looks of [[], [12, 20, 30, 40]]) {
      const judgement = judge(observations([cell], { looks }));
      const { verdict, high } = first(judgement);
      if (judgement.verdict === "pass" || verdict === "unchanged") expect(high).toBeLessThan(0.05);
    }
  }
});

describe("a cell", () => {
  test("without proof does not hold up a pass, and is named as open", () => {
    const noisyTail = observedCell({ metric: "p99", spread: 0.3, proof: false });
    const judgement = judge(observations([observedCell(), noisyTail]));
    expect(judgement.verdict).toBe("pass");
    expect(judgement.cells[1]!.verdict).toBe("inconclusive");
  });

  test("with proof does hold it up", () => {
    const noisyTail = observedCell({ metric: "p99", spread: 0.3 });
    expect(judge(observations([observedCell(), noisyTail])).verdict).toBe("inconclusive");
  });

  test("without proof still turns the run red", () => {
    const slowTail = observedCell({ metric: "p99", factor: 1.5, proof: false, limit: 0.15 });
    expect(judge(observations([observedCell(), slowTail])).verdict).toBe("regression");
  });

  test("without proof alone passes only after the last look", () => {
    const judgement = judge(observations([observedCell({ proof: false })]));
    expect(judgement).toMatchObject({ verdict: "pass", look: 40 });
  });

  test("that is not gated never turns the run red, has no p, and is shown", () => {
    const judgement = judge(
      observations([observedCell(), observedCell({ metric: "cpu", factor: 2, gated: false })]),
    );
    expect(judgement.verdict).toBe("pass");
    expect(judgement.cells[1]).toMatchObject({ gated: false, pAdjusted: null, verdict: "regressed" });
  });

  test("that is not gated costs the gated ones nothing", () => {
    const gated = observedCell({ factor: 1.06, spread: 0.03 });
    const alone = judge(observations([gated]));
    const shown = Array.from({ length: 10 }, (_, i) =>
      observedCell({ metric: `m${i}`, gated: false, seed: i + 20, factor: 1.3 }),
    );
    expect(first(judge(observations([gated, ...shown])))).toEqual(first(alone));
  });

  test("whose worsening stays below its floor in the metric's own unit is within its limit", () => {
    const cell = { factor: 1.1, values: { base: noisy(40, 500, 0.01, 1), head: noisy(40, 550, 0.01, 2) } };
    expect(judge(observations([observedCell(cell)])).verdict).toBe("regression");
    expect(judge(observations([observedCell({ ...cell, floor: 100 })])).verdict).toBe("pass");
  });

  test("where lower is worse regresses when it falls, and its change is negative", () => {
    const judgement = judge(
      observations([observedCell({ metric: "throughput", worse: "lower", factor: 0.9 })]),
    );
    expect(first(judgement).verdict).toBe("regressed");
    expect(first(judgement).change).toBeLessThan(-0.08);
    expect(first(judgement).low).toBeLessThan(first(judgement).change);
    expect(first(judgement).high).toBeGreaterThan(first(judgement).change);
    expect(first(judgement).trimmedMean).toBeGreaterThan(0);
  });

  test("whose slow-down was accepted regresses without failing the run, up to what was accepted", () => {
    const slower = observedCell({ factor: 1.1, accepted: 0.3 });
    expect(judge(observations([slower])).verdict).toBe("pass");
    expect(first(judge(observations([slower]))).verdict).toBe("regressed");
    expect(judge(observations([observedCell({ factor: 1.5, accepted: 0.3 })])).verdict).toBe("regression");
  });
});

test("a strict run does not call a worsening red that is only just above its limit", () => {
  const cell = observedCell({ factor: 1.058, spread: 0.015 });
  expect(judge(observations([cell])).verdict).toBe("regression");
  expect(judge(observations([cell], { strict: true })).verdict).toBe("inconclusive");
  expect(judge(observations([observedCell({ factor: 1.2 })], { strict: true })).verdict).toBe("regression");
});

test("nothing gated is nothing shown", () => {
  expect(judge(observations([observedCell({ gated: false })])).verdict).toBe("inconclusive");
});

describe("a control arm", () => {
  const withControl = (factor: number, headFactor = 1): ObservedCell => {
    const cell = observedCell({ factor: headFactor });
    return { ...cell, values: { ...cell.values, control: noisy(40, 1000 * factor, 0.01, 9) } };
  };
  const judged = (cell: ObservedCell) => judge(observations([cell], { control: "control" }));

  test("that stays where the baseline is changes nothing", () => {
    expect(judged(withControl(1)).verdict).toBe("pass");
    expect(judged(withControl(1, 1.2)).verdict).toBe("regression");
  });

  test("that regresses or improves makes the run inconclusive, whatever head does", () => {
    for (const factor of [1.2, 0.8]) {
      expect(judged(withControl(factor)).verdict).toBe("inconclusive");
      expect(judged(withControl(factor, 1.2)).verdict).toBe("inconclusive");
    }
  });

  test("does not change the p of the arms under test", () => {
    const cell = observedCell({ factor: 1.06, spread: 0.03 });
    const plain = first(judge(observations([cell])));
    const controlled = judged({ ...cell, values: { ...cell.values, control: noisy(40, 1000, 0.01, 9) } });
    expect(controlled.cells.find(({ arm }) => arm === "head")).toEqual(plain);
  });
});

test("a precise row in which nothing happened does not hide a real change", () => {
  // A query without its index, twelve blocks: with its signs changed, memory looks like a precise worsening.
  const query = [1.45, 1.64, 1.42, 1.62, 1.44, 1.04, 1.23, 1.5, 1.3, 1.41, 1.14, 1.14];
  const memory = [
    -0.007, -0.006, -0.007, -0.004, -0.006, -0.009, -0.01, -0.009, -0.006, -0.005, -0.005, -0.005,
  ];
  const values = (logarithms: readonly number[]) => ({
    base: logarithms.map(() => 1000),
    head: logarithms.map((d) => 1000 * Math.exp(d)),
  });
  const slow = observedCell({ values: values(query) });
  const still = observedCell({ scenario: null, metric: "memory", unit: "bytes", values: values(memory) });
  const more = Array.from({ length: 28 }, () => 1.4);
  // Judged at the first of four looks, which may spend least.
  const run = observations([
    { ...slow, values: values([...query, ...more]) },
    { ...still, values: values([...memory, ...more.map(() => -0.006)]) },
  ]);
  const judgement = judge(run);
  expect(judgement).toMatchObject({ verdict: "regression", look: 12 });
  expect(judgement.cells.map(({ verdict }) => verdict)).toEqual(["regressed", "unchanged"]);
});

describe("errors", () => {
  const errors = (base: readonly number[], head: readonly number[], changes: Partial<ObservedCell> = {}) =>
    observedCell({
      metric: "errors",
      unit: "share",
      scale: "difference",
      limit: 0.001,
      values: { base, head },
      ...changes,
    });
  const none = Array<number>(40).fill(0);
  const at = (share: number, ...blocks: number[]) =>
    none.map((zero, i) => (blocks.includes(i) ? share : zero));

  test("that occur in neither arm stay out of the family", () => {
    const cell = observedCell({ factor: 1.06, spread: 0.03 });
    const together = judge(observations([cell, errors(none, none)]));
    expect(first(together)).toEqual(first(judge(observations([cell]))));
    expect(together.cells[1]).toMatchObject({ verdict: "unchanged", pAdjusted: 1, change: 0 });
  });

  test("over 1 % in head alone are a regression at the third such block, not before", () => {
    const three = observations([observedCell(), errors(none, at(0.02, 0, 3, 4))]);
    expect(judge(three)).toMatchObject({ verdict: "regression", look: 5 });
    expect(judge(three).cells[1]!.verdict).toBe("regressed");
    expect(judgeSoFar(upTo(three, 4), { more: true })).toBeNull();
    expect(judge(observations([observedCell(), errors(none, at(0.02, 0, 3))])).verdict).not.toBe(
      "regression",
    );
  });

  test("that each arm has alone in some blocks are no regression of head", () => {
    const flaky = [errors(at(0.02, 1), at(0.02, 0, 3, 4, 6))];
    expect(judge(observations(flaky)).verdict).not.toBe("regression");
  });

  test("of a few blocks among many have an interval above nothing", () => {
    const { change, low, high } = judge(observations([errors(none, at(0.5, 0, 9, 11))])).cells[0]!;
    expect(low).toBeGreaterThan(0);
    expect(change).toBeGreaterThan(low);
    expect(high).toBeGreaterThan(change);
  });

  test("that the baseline has too are no regression of head", () => {
    const both = at(0.02, 0, 1, 2, 3, 4);
    expect(judge(observations([errors(both, both)])).verdict).not.toBe("regression");
  });

  test("that are not gated are no regression", () => {
    const cells = [observedCell(), errors(none, Array<number>(40).fill(0.5), { gated: false })];
    expect(judge(observations(cells)).verdict).toBe("pass");
  });

  test("one stray error is none", () => {
    const judgement = judge(observations([errors(none, at(0.001, 2))]));
    expect(judgement.verdict).toBe("pass");
    expect(first(judgement).change).toBeGreaterThan(0);
  });

  test("are compared by difference: a steady half per cent more is a regression", () => {
    const judgement = judge(observations([errors(none, noisy(40, 0.005, 0.2, 3))]));
    expect(judgement.verdict).toBe("regression");
    expect(first(judgement).change).toBeCloseTo(0.005, 3);
  });
});

test("several arms are compared with the baseline, each in its own row", () => {
  const cell = observedCell();
  const values = { ...cell.values, other: noisy(40, 1300, 0.01, 8) };
  const judgement = judge(observations([{ ...cell, values }]));
  expect(judgement.verdict).toBe("regression");
  expect(judgement.cells.map(({ arm, verdict }) => [arm, verdict])).toEqual([
    ["head", "unchanged"],
    ["other", "regressed"],
  ]);
});
