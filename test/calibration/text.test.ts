import { join } from "node:path";
import { expect, test } from "vitest";
import { calibrationOf } from "../../src/calibration/calibration.js";
import { calibrationText } from "../../src/calibration/text.js";
import { madeUpCalibration } from "./made-up-calibration.js";

const golden = (name: string): string => join(import.meta.dirname, "golden", `${name}.txt`);

test("the text of a calibration with known changes says how often each was found", async () => {
  const recorded = madeUpCalibration(60, { changes: { slower: { latency: 1.2, cpu: 1.1 } }, noise: 0.08 });
  await expect(calibrationText(calibrationOf(recorded, 20))).toMatchFileSnapshot(golden("with-changes"));
});

test("the text of a calibration with too few blocks for a run says so", async () => {
  await expect(calibrationText(calibrationOf(madeUpCalibration(7)))).toMatchFileSnapshot(
    golden("too-few-blocks"),
  );
});

test("names that would break a line are made visible", () => {
  const recorded = madeUpCalibration(2);
  const commit = { label: "main\u001b[31m\nnext", sha: "0".repeat(40) };
  const text = calibrationText(calibrationOf({ ...recorded, record: { ...recorded.record, commit } }));
  expect(text).not.toContain("\u001b");
  expect(text.split("\n")[0]).toContain("against itself");
});
