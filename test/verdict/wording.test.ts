import { describe, expect, test } from "vitest";
import {
  formatInUnit,
  formatBytes,
  formatDuration,
  formatLimitPercent,
  formatNumber,
  formatPercent,
  formatPercentagePoints,
  formatSignedPercent,
} from "../../src/text/format-quantity.js";

describe("numbers are written as people read them", () => {
  test.each<[(value: number) => string, number, string]>([
    [formatPercent, 0.1234, "12.3 %"],
    [formatPercent, 0.05, "5.0 %"],
    [formatPercent, 0.0019, "0.19 %"],
    [formatPercent, -0.004, "-0.40 %"],
    [formatPercent, 0, "0 %"],
    [formatPercent, -0.00001, "0.00 %"],
    [formatPercent, 0.9999, "100 %"],
    [formatPercent, 12.5, "1,250 %"],
    [formatPercent, Infinity, "unknown"],
    [formatSignedPercent, 0.123, "+12.3 %"],
    [formatSignedPercent, -0.123, "-12.3 %"],
    [formatSignedPercent, 0, "0 %"],
    [formatSignedPercent, 0.00001, "0.00 %"],
    [formatLimitPercent, 0.075, "7.5 %"],
    [formatLimitPercent, 0.05, "5 %"],
    [formatLimitPercent, 0.29, "29 %"],
    [formatLimitPercent, NaN, "unknown"],
    [formatPercentagePoints, 0.001, "0.1 percentage points"],
    [formatPercentagePoints, -0.0123, "-1.23 percentage points"],
    [formatPercentagePoints, NaN, "unknown"],
    [formatDuration, 0, "0 us"],
    [formatDuration, 850, "850 us"],
    [formatDuration, 12_345, "12.3 ms"],
    [formatDuration, 999_400, "999 ms"],
    [formatDuration, 1_500_000, "1.5 s"],
    [formatDuration, 200_000_000, "3 min 20 s"],
    [formatDuration, 180_000_000, "3 min"],
    [formatDuration, Infinity, "unknown"],
    [formatBytes, 512, "512 B"],
    [formatBytes, 12_600, "12.3 KiB"],
    [formatBytes, 2 * 1024 ** 2, "2 MiB"],
    [formatBytes, 1.5 * 1024 ** 3, "1.5 GiB"],
    [formatBytes, NaN, "unknown"],
    [formatNumber, 0, "0"],
    [formatNumber, 1234.5, "1,235"],
    [formatNumber, 99.96, "100"],
    [formatNumber, 0.00001234, "0.000012"],
    [formatNumber, NaN, "unknown"],
  ])("%o of %d is %s", (write, value, text) => {
    expect(write(value)).toBe(text);
  });

  test.each([
    [1500, "us", "1.5 ms"],
    [310, "us/request", "310 us/request"],
    [1024, "bytes", "1 KiB"],
    [0.0015, "share", "0.15 %"],
    [812.3, "requests/s", "812 requests/s"],
    [3, "", "3"],
  ])("%d in %s is %s", (value, unit, text) => {
    expect(formatInUnit(value, unit)).toBe(text);
  });
});
