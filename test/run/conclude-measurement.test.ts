import { expect, test } from "vitest";
import { TailgateError } from "../../src/error.js";
import { concludeMeasurement } from "../../src/run/conclude-measurement.js";
import { madeUpPlan } from "../verdict/made-up-run.js";

const failed = (arm: string, what: string, output: string) => ({
  arm,
  error: new TailgateError("service", `${arm}: ${what}\nThe end of its output:\n${output}`, "Mend it."),
});

const BASE = failed("base", "setup exited with code 1", "no database");

test("a setup that fails in base stays in the reason when head alone does not start either", () => {
  const head = failed("head", "exited with code 2", "relation does not exist");
  const measurement = { kind: "arms-failed", failures: [head], blocks: [], notes: [] } as const;
  const { verdict, reason, logTail } = concludeMeasurement(
    madeUpPlan(),
    { measurement, baselineFailure: BASE },
    "2026-01-01",
  );
  expect(verdict).toBe("invalid");
  expect(reason).toBe("base: setup exited with code 1; head: exited with code 2");
  expect(logTail).toEqual({ of: "base", lines: "no database" });
});

test("a setup that fails in base stays in the reason when measuring head alone is stopped", () => {
  const error = new TailgateError("load", "`GET /` got an expected response from no arm.", "Check the path.");
  const measurement = { kind: "stopped", schedule: null, error, blocks: [], notes: [] } as const;
  const { reason, logTail } = concludeMeasurement(
    madeUpPlan(),
    { measurement, baselineFailure: BASE },
    "2026-01-01",
  );
  expect(reason).toBe(
    "base: setup exited with code 1; head alone: `GET /` got an expected response from no arm. Check the path.",
  );
  expect(logTail).toEqual({ of: "base", lines: "no database" });
});

test("what is set up once and fails is the reason, with its output", () => {
  const { error } = failed("base", "setup-once exited with code 4", "no server");
  const measurement = { kind: "stopped", schedule: null, error, blocks: [], notes: [] } as const;
  const { verdict, reason, logTail } = concludeMeasurement(
    madeUpPlan(),
    { measurement, baselineFailure: null },
    "2026-01-01",
  );
  expect(verdict).toBe("invalid");
  expect(reason).toBe("base: setup-once exited with code 4. Mend it.");
  expect(logTail).toEqual({ of: "base", lines: "no server" });
});
