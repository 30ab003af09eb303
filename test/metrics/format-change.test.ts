import { expect, test } from "vitest";
import {
  formatChange,
  formatChangeSize,
  formatLimit,
  spellOutChange,
  spellOutLimit,
} from "../../src/metrics/format-change.js";

const RATIO = { scale: "log" } as const;
const SHARES = { scale: "difference" } as const;

test.each([
  [formatChange(RATIO, 0.0812), "+8.1 %"],
  [formatChange(RATIO, -0.1), "-10.0 %"],
  [formatChange(SHARES, 0.012), "+1.2 pp"],
  [formatChange(SHARES, -0.0004), "-0.04 pp"],
  [formatLimit(RATIO, 0.075), "7.5 %"],
  [formatLimit(SHARES, 0.001), "0.1 pp"],
  [formatChangeSize(RATIO, 0.041), "4.1 %"],
  [formatChangeSize(SHARES, 0.002), "0.2 pp"],
  [spellOutChange(RATIO, 0.123), "12.3 %"],
  [spellOutChange(SHARES, 0.002), "0.2 percentage points"],
  [spellOutLimit(RATIO, 0.05), "5 %"],
  [spellOutLimit(SHARES, 0.001), "0.1 percentage points"],
])("a change, a limit or a size of change reads %s", (printed, text) => {
  expect(printed).toBe(text);
});
