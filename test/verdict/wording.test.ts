import { describe, expect, test } from "vitest";
import {
  amount,
  bytes,
  duration,
  limitPercent,
  number,
  percent,
  points,
  signedPercent,
} from "../../src/text/format-quantity.js";

describe("numbers are written as people read them", () => {
  test.each<[(value: number) => string, number, string]>([
    [percent, 0.1234, "12.3 %"],
    [percent, 0.05, "5.0 %"],
    [percent, 0.0019, "0.19 %"],
    [percent, -0.004, "-0.40 %"],
    [percent, 0, "0 %"],
    [percent, -0.00001, "0.00 %"],
    [percent, 0.9999, "100 %"],
    [percent, 12.5, "1,250 %"],
    [percent, Infinity, "unknown"],
    [signedPercent, 0.123, "+12.3 %"],
    [signedPercent, -0.123, "-12.3 %"],
    [signedPercent, 0, "0 %"],
    [signedPercent, 0.00001, "0.00 %"],
    [limitPercent, 0.075, "7.5 %"],
    [limitPercent, 0.05, "5 %"],
    [limitPercent, 0.29, "29 %"],
    [limitPercent, NaN, "unknown"],
    [points, 0.001, "0.1 percentage points"],
    [points, -0.0123, "-1.23 percentage points"],
    [points, NaN, "unknown"],
    [duration, 0, "0 us"],
    [duration, 850, "850 us"],
    [duration, 12_345, "12.3 ms"],
    [duration, 999_400, "999 ms"],
    [duration, 1_500_000, "1.5 s"],
    [duration, 200_000_000, "3 min 20 s"],
    [duration, 180_000_000, "3 min"],
    [duration, Infinity, "unknown"],
    [bytes, 512, "512 B"],
    [bytes, 12_600, "12.3 KiB"],
    [bytes, 2 * 1024 ** 2, "2 MiB"],
    [bytes, 1.5 * 1024 ** 3, "1.5 GiB"],
    [bytes, NaN, "unknown"],
    [number, 0, "0"],
    [number, 1234.5, "1,235"],
    [number, 99.96, "100"],
    [number, 0.00001234, "0.000012"],
    [number, NaN, "unknown"],
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
    expect(amount(value, unit)).toBe(text);
  });
});
