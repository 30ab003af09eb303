import { expect, test } from "vitest";
import { detectStall } from "../../../src/load/schedule/stall-detector.js";
import { openPhase } from "../support/phases.js";

const OPEN = openPhase(1, 1000, 500);

test.each([
  ["responses come", { heardAtActiveUs: 7e6, timeoutsInARow: 0 }, 7.9e6, null],
  ["silence, and too few timeouts to say", { heardAtActiveUs: 0, timeoutsInARow: 1 }, 3e6, null],
  ["timeouts, and not yet twice as long as one", { heardAtActiveUs: 0, timeoutsInARow: 9 }, 1.9e6, null],
  [
    "silence for two timeouts",
    { heardAtActiveUs: 0, timeoutsInARow: 2 },
    2e6,
    { kind: "silent", reason: "it gave no response for 2.0 s" },
  ],
  [
    "thrice as long as planned",
    { heardAtActiveUs: 8e6, timeoutsInARow: 0 },
    8.01e6,
    { kind: "slow", reason: "it was offered 500 requests/s and cannot keep up" },
  ],
])(
  "a target under load with %s is given up exactly where that is the end of it",
  (_, progress, activeUs, stall) => {
    expect(detectStall(OPEN, progress, activeUs)).toEqual(stall);
  },
);
