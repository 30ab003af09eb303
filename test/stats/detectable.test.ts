import { describe, expect, test } from "vitest";
import { smallestDetectable } from "../../src/stats/detectable.js";
import { locate } from "../../src/stats/location.js";
import { seededRandom } from "../../src/stats/random.js";
import { tQuantile } from "../../src/stats/student-t.js";

const look = { standardError: 0.01, degreesOfFreedom: 11, criticalT: 3, limit: 0.05, negligible: 0.02 };

describe("the smallest detectable change", () => {
  test("clears the test where noise rules, and the limit where it does not", () => {
    const reach = tQuantile(0.8, 11);
    expect(smallestDetectable({ ...look, standardError: 0.03 })).toBeCloseTo(
      0.02 + 3 * 0.03 + reach * 0.03,
      12,
    );
    expect(smallestDetectable({ ...look, standardError: 0.001 })).toBeCloseTo(0.05 + reach * 0.001, 12);
  });

  test("is never below the limit", () => {
    expect(smallestDetectable({ ...look, standardError: 1e-4 })).toBeGreaterThan(0.05);
  });

  test("is infinite where no change could be significant", () => {
    expect(smallestDetectable({ ...look, criticalT: Infinity })).toBe(Infinity);
  });

  test("is found in about four of five samples with that shift", () => {
    const random = seededRandom(11, "detectable");
    const normal = () => Math.sqrt(-2 * Math.log(1 - random())) * Math.cos(2 * Math.PI * random());
    const [n, spread] = [20, 0.04];
    const standardError = (spread / Math.sqrt(n)) * 1.07;
    const shift = smallestDetectable({ ...look, standardError });
    let found = 0;
    for (let run = 0; run < 2000; run++) {
      const row = locate(
        Array.from({ length: n }, () => shift + spread * normal()),
        0.2,
      );
      if ((row.mean - 0.02) / row.standardError >= 3 && row.mean >= 0.05) found++;
    }
    expect(found / 2000).toBeGreaterThan(0.7);
    expect(found / 2000).toBeLessThan(0.9);
  });
});
