import { expect, test } from "vitest";
import {
  formatChange,
  formatChangeSize,
  formatLimit,
  formatLimitWithFloor,
  spellOutChange,
  spellOutLimit,
} from "../../src/metrics/format-change.js";

const RATIO = { scale: "log" } as const;
const SHARES = { scale: "difference" } as const;

const GATE = { limit: 0.05, floor: 100, effectiveLimit: null, unit: "us" } as const;

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
  [spellOutLimit(RATIO, GATE), "5 %"],
  [spellOutLimit(RATIO, { ...GATE, effectiveLimit: 0.1204 }), "5 % or 0.1 ms: 12.0 %"],
  [spellOutLimit(SHARES, { ...GATE, limit: 0.001, unit: "share", floor: 0 }), "0.1 percentage points"],
  [formatLimitWithFloor(RATIO, { ...GATE, effectiveLimit: 0.05 }), "5 %"],
  [formatLimitWithFloor(RATIO, { ...GATE, floor: 20, effectiveLimit: 0.1 }), "5 % or 20 us: 10.0 %"],
  [
    formatLimitWithFloor(RATIO, { ...GATE, unit: "bytes", floor: 2 ** 21, effectiveLimit: 0.25 }),
    "5 % or 2 MiB: 25.0 %",
  ],
])("a change, a limit or a size of change reads %s", (printed, text) => {
  expect(printed).toBe(text);
});
