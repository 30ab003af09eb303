import { expect, test } from "vitest";
import { outputsOf } from "../../../src/github/publish/outputs.js";
import { sampleResult } from "../../reporters/sample-result.js";
import { slowerResult } from "../parts/slower-result.js";

const FILES = { json: "/out/result.json", markdown: "/out/report.md", html: null };

test("the outputs name the verdict, the regressed cells and the files", () => {
  const outputs = outputsOf(slowerResult(1), FILES);
  expect(outputs).toMatchObject({
    verdict: "regression",
    "result-json": "/out/result.json",
    "report-html": "",
  });
  const cells = JSON.parse(outputs["regressions"]!) as {
    scenario: string;
    metric: string;
    verdict: string;
  }[];
  expect(cells.length).toBeGreaterThan(0);
  expect(cells[0]).toMatchObject({ scenario: "scenario 0", verdict: "regressed" });
});

test("a pass gives an empty list of regressions", () => {
  expect(outputsOf(sampleResult({ noise: 0.1 }), FILES)["regressions"]).toBe("[]");
});

test("a thousand regressions stay valid JSON within what GitHub takes", () => {
  const { regressions } = outputsOf(slowerResult(100), FILES);
  expect(Buffer.byteLength(regressions!)).toBeLessThanOrEqual(200_000);
  expect(Buffer.byteLength(regressions!)).toBeGreaterThan(190_000);
  expect(Array.isArray(JSON.parse(regressions!))).toBe(true);
});
