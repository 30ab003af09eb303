import { describe, expect, test } from "vitest";
import type { Result } from "../../src/model/result.js";
import { headline } from "../../src/reporters/text/headline.js";
import { methodology } from "../../src/reporters/text/methodology.js";
import { sampleResult } from "./sample-result.js";

/** A regression of deployments, some of them made anew before each block. */
function deployed(anew: readonly string[] = []): Result {
  const result = sampleResult({ verdict: "regression" });
  return {
    ...result,
    plan: {
      ...result.plan,
      deployments: { allowedHosts: ["a.test"], maxRatePerSecond: 100 },
      arms: result.plan.arms.map((arm) => ({
        ...arm,
        service: {
          ...arm.service,
          deployment: {
            url: `https://${arm.name}.a.test`,
            ...(anew.includes(arm.name) ? { redeploy: "./deploy" } : {}),
          },
        },
      })),
    },
    blocks: result.blocks.map((block) => ({
      ...block,
      arms: Object.fromEntries(
        Object.entries(block.arms).map(([name, arm]) => [
          name,
          { ...arm, network: { connectUs: 12_000, tlsUs: 14_000, requestUs: 31_000 } },
        ]),
      ),
    })),
  };
}

const line = (result: Result, label: string): string | undefined =>
  methodology(result).find((item) => item.label === label)?.text;

describe("a report of deployments", () => {
  test("says of red that it is about these deployments, until each is made anew for every block", () => {
    expect(headline(deployed())).toMatch(/^Regression of these (two )?deployments/);
    expect(headline(deployed(["head"]))).toMatch(/^Regression of these (two )?deployments/);
    expect(headline(deployed(deployed().plan.arms.map(({ name }) => name)))).not.toContain("deployments");
  });

  test("says where they run, how long the way to each is, and what a block was", () => {
    const result = deployed(["head"]);
    expect(line(result, "Deployments")).toContain("base at https://base.a.test; head at https://head.a.test");
    expect(line(result, "Network")).toContain(
      "to base 12 ms (TLS 14 ms, a bare request 31 ms); to head 12 ms",
    );
    expect(line(result, "Order")).toMatch(/^every block deploys head anew; arms take turns/);
    expect(line(deployed(), "Order")).toMatch(/^nothing is started: a block is a group of turns/);
  });

  test("says nothing of a network where the services were started here", () => {
    expect(line(sampleResult({ verdict: "regression" }), "Network")).toBeUndefined();
  });
});
