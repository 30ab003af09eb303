import { expect, test } from "vitest";
import { rateWaitMs } from "../../../src/github/api/rate-wait.js";

const NOW_MS = Date.parse("2026-11-21T00:00:00Z");
const resetIn = (seconds: number): Record<string, string> => ({
  "x-ratelimit-remaining": "0",
  "x-ratelimit-reset": String(NOW_MS / 1000 + seconds),
});

test.each<[string, Readonly<Record<string, string | number>>, number]>([
  ["seconds", { "retry-after": "7" }, 7_000],
  ["seconds as a number", { "retry-after": 7 }, 7_000],
  ["a date", { "retry-after": "Sat, 21 Nov 2026 00:00:20 GMT" }, 20_000],
  ["a date in the past", { "retry-after": "Sat, 21 Nov 2020 00:00:00 GMT" }, 1_000],
  ["a negative time", { "retry-after": "-5" }, 1_000],
  ["nonsense", { "retry-after": "soon" }, 1_000],
  ["a huge time", { "retry-after": "99999999999" }, 99_999_999_999_000],
  ["the reset of an exhausted limit", resetIn(30), 30_000],
  ["a reset in the past", resetIn(-30), 1_000],
  ["a reset that is no number", { ...resetIn(0), "x-ratelimit-reset": "later" }, 60_000],
  ["a limit that is not exhausted", { ...resetIn(30), "x-ratelimit-remaining": "5" }, 60_000],
  ["no time at all", {}, 60_000],
  ["a blank time", { "retry-after": " " }, 60_000],
])("a refusal with %s is waited for as long as it says, within reason", (_what, headers, ms) => {
  expect(rateWaitMs(headers, NOW_MS)).toBe(ms);
});
