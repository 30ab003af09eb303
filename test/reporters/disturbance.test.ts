import { describe, expect, test } from "vitest";
import { REPORTERS } from "../../src/reporters/reporters.js";
import { headline } from "../../src/reporters/text/headline.js";
import type { Result } from "../../src/model/result.js";
import { sampleResult, type Sample } from "./sample-result.js";

/** A sample whose machine did this in every block, or in the first blocks only. */
function on(sample: Sample, stealShare: number | null, cpuPressureShare: number | null, blocks = 12): Result {
  return sampleResult({
    ...sample,
    change: (result) => ({
      ...result,
      blocks: result.blocks.map((block, index) => ({
        ...block,
        machine: index < blocks ? { stealShare, cpuPressureShare } : { stealShare: 0, cpuPressureShare: 0.2 },
      })),
    }),
  });
}

const RED = { verdict: "regression", slower: { "list users": 1.12 } } as const;
const GREEN = { noise: 0.1 } as const;

describe("a disturbed machine is named before what a verdict says", () => {
  test.each([
    [
      "a red",
      RED,
      0.12,
      0.3,
      "Regression on a disturbed machine (⚠ the hypervisor took 12.0 % of its CPU time): list users",
    ],
    [
      "a green",
      GREEN,
      0,
      0.9,
      "Pass on a disturbed machine (⚠ tasks waited for a processor 90.0 % of the time): head",
    ],
  ])("%s", (_what, sample, steal, pressure, words) => {
    const result = on(sample, steal, pressure);
    expect(headline(result)).toContain(words);
    for (const name of ["markdown", "terminal", "html", "job-summary"] as const) {
      expect(REPORTERS[name].render(result, {}).replace(/\s+/g, " ")).toContain("on a disturbed machine (⚠");
    }
    expect(REPORTERS.markdown.render(result, {}).split("\n", 1)[0]).toContain("on a disturbed machine");
  });

  test("other work is named where it was looked for, and a service of many processes is not called a disturbance", () => {
    const withOther = (otherWorkShare: number): Result => {
      const result = on(GREEN, 0, 0.95);
      const blocks = result.blocks.map((block) => ({
        ...block,
        machine: { ...block.machine, otherWorkShare },
      }));
      return { ...result, blocks };
    };
    expect(headline(withOther(0.62))).toContain(
      "Pass on a disturbed machine (⚠ other work took 62.0 % of its CPU time): head",
    );
    expect(headline(withOther(0.03))).toMatch(/^Pass: /);
    expect(REPORTERS.html.render(withOther(0.03), {})).toContain("Processors taken while no arm ran");
    expect(REPORTERS.html.render(on(GREEN, 0, 0.3), {})).not.toContain("Processors taken while no arm ran");
  });

  test("a quiet one, one disturbed now and then, and one that does not tell are not", () => {
    expect(headline(on(RED, 0.001, 0.3))).toMatch(/^Regression: /);
    expect(headline(on(GREEN, 0.3, 1, 5))).toMatch(/^Pass: /);
    expect(headline(on(GREEN, null, null))).toMatch(/^Pass: /);
  });
});
