import { expect, test } from "vitest";
import type { ExplainWhen } from "../../../src/model/plan.js";
import type { Result } from "../../../src/model/result.js";
import { whatToExplain } from "../../../src/run/explaining/what-to-explain.js";
import { sampleResult } from "../../reporters/sample-result.js";

function resultWith(explain: ExplainWhen | undefined, verdict: Result["verdict"]): Result {
  const result = sampleResult();
  const cells = result.cells.map((cell, place) =>
    place === 0
      ? {
          ...cell,
          gated: true,
          accepted: null,
          verdict: verdict === "regression" ? "regressed" : "unchanged",
        }
      : { ...cell, verdict: "unchanged" },
  ) as Result["cells"];
  return { ...result, verdict, cells, plan: { ...result.plan, explain } };
}

test("a regression is explained by the load of its worst row", () => {
  const result = resultWith("on-regression", "regression");
  expect(whatToExplain(result)).toEqual({
    candidate: result.cells[0]!.arm,
    scenario: result.cells[0]!.scenario,
  });
});

test.each(["pass", "inconclusive"] as const)(
  "a run that ends with %s is explained only where that is always wanted",
  (verdict) => {
    expect(whatToExplain(resultWith("on-regression", verdict))).toBeNull();
    expect(whatToExplain(resultWith("always", verdict))).toMatchObject({ candidate: "head" });
  },
);

test.each(["invalid", "no-baseline"] as const)(
  "a run that ends with %s has nothing to explain",
  (verdict) => {
    expect(whatToExplain(resultWith("always", verdict))).toBeNull();
  },
);

test("nothing is explained where that is not wanted, nor by a plan that says nothing of it", () => {
  expect(whatToExplain(resultWith("never", "regression"))).toBeNull();
  expect(whatToExplain(resultWith(undefined, "regression"))).toBeNull();
});
