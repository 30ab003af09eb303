import { expect, test } from "vitest";
import { callChanges, type CallChange } from "../../src/explanation/call-changes.js";
import { compareProfiles } from "../../src/explanation/compared-profiles.js";
import type { ArmProfile } from "../../src/model/profile.js";
import { seededRandom } from "../../src/stats/random.js";
import { functionOf, normal } from "./profiles.js";

const REQUESTS = 500;

/** Counts of functions in each block: [function][block], of either arm. */
function compared(
  base: readonly (readonly number[])[],
  head: readonly (readonly number[])[],
): readonly CallChange[] | null {
  const functions = base.map((_, place) => functionOf(`server.js:${place + 1} f${place}`));
  const profiles = [
    { arm: "base", counts: base },
    { arm: "head", counts: head },
  ].flatMap(({ arm, counts }) =>
    counts[0]!.map((_, block): ArmProfile => ({
      arm,
      block: block + 1,
      functions,
      calls: { counts: counts.map((of) => of[block]!), requests: REQUESTS },
      cpu: null,
      serviceCpuUs: null,
      latencyUs: 1,
      p99Us: 1,
    })),
  );
  return callChanges(compareProfiles(profiles, "base", "head"));
}

test.each([
  ["one more call of a request", [500, 500], [1_000, 1_000], true],
  ["a call in every second request of a sequence", [500, 500], [750, 750], true],
  ["one call more at the end of the load", [500, 500], [501, 500], false],
  ["a function that is called once a launch", [1, 1], [2, 2], false],
  ["no call at all", [0, 0], [0, 0], false],
] as const)("%s: %j, then %j", (_, base, head, changed) => {
  expect(compared([base], [head])![0]!.changed).toBe(changed);
});

test("with one block, less than half a call is no change", () => {
  expect(compared([[500]], [[640]])![0]!.changed).toBe(false);
  expect(compared([[500]], [[1_000]])![0]!.changed).toBe(true);
});

test("counts that vary alike in both arms are no change, in nineteen of twenty programs", () => {
  const random = seededRandom(3);
  const rows = (): number[][] =>
    Array.from({ length: 60 }, (_, place) =>
      [0, 1].map(() => Math.max(0, Math.round((place + 1) * 30 * (1 + 0.05 * normal(random))))),
    );
  const wrong = Array.from({ length: 100 }, () => compared(rows(), rows())!).filter((changes) =>
    changes.some(({ changed }) => changed),
  );
  expect(wrong.length).toBeLessThanOrEqual(5);
});

test("a count that varies and doubles is a change", () => {
  const random = seededRandom(4);
  const rows = (factor: number): number[][] =>
    Array.from({ length: 60 }, (_, place) =>
      [0, 1].map(() =>
        Math.round((place + 1) * 30 * (1 + 0.05 * normal(random)) * (place === 30 ? factor : 1)),
      ),
    );
  const changes = compared(rows(1), rows(2))!;
  expect(changes.flatMap(({ changed }, place) => (changed ? [place] : []))).toEqual([30]);
});

test("without counts there is no answer", () => {
  expect(callChanges(compareProfiles([], "base", "head"))).toBeNull();
});
