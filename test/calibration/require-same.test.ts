import { describe, expect, test } from "vitest";
import { requireSame } from "../../src/calibration/require-same.js";
import { madeUpCalibration } from "./made-up-calibration.js";

describe("going on another day", () => {
  const { record } = madeUpCalibration(0, { changes: { slower: {} } });
  const again = JSON.parse(JSON.stringify(record)) as typeof record;

  test("a calibration goes on with the same code, copies, changes and configuration", () => {
    expect(() => {
      requireSame(again, record, "folder");
    }).not.toThrow();
  });

  test("a branch that was only renamed is the same code", () => {
    const changes = [{ name: "slower", commit: { ...record.changes[0]!.commit, label: "other-name" } }];
    expect(() => {
      requireSame(again, { ...record, changes }, "folder");
    }).not.toThrow();
  });

  test("with other limits the same blocks can be judged again", () => {
    const [scenario] = record.plan.scenarios;
    const gates = { ...scenario!.gates, p90: null, p50: { ...scenario!.gates.p50!, limit: 0.2 } };
    const plan = { ...record.plan, scenarios: [{ ...scenario!, gates }], memoryGate: null };
    expect(() => {
      requireSame(again, { ...record, plan }, "folder");
    }).not.toThrow();
  });

  test.each([
    ["another commit", { commit: { label: "main", sha: "f".repeat(40) } }],
    ["another number of copies", { copies: ["copy-1", "copy-2"] }],
    ["other known changes", { changes: [] }],
    ["another configuration", { plan: { ...record.plan, baseline: "other" } }],
    [
      "another configuration",
      { plan: { ...record.plan, experiment: { ...record.plan.experiment, budgetMs: 1000 } } },
    ],
  ])("a calibration with %s is not gone on with", (what, changed) => {
    expect(() => {
      requireSame(again, { ...record, ...changed }, "folder");
    }).toThrow(`folder holds a calibration with ${what}`);
  });
});
