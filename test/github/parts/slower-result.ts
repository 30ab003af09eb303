import type { Result } from "../../../src/model/result.js";
import { sampleResult } from "../../reporters/sample-result.js";

/** A regression of every metric in so many scenarios. */
export function slowerResult(scenarios: number): Result {
  const names = Array.from({ length: scenarios }, (_, i) => `scenario ${i}`);
  return sampleResult({
    verdict: "regression",
    scenarios: names,
    slower: Object.fromEntries(names.map((name) => [name, 1.5])),
    noise: 0.1,
    reason: "slower",
  });
}
