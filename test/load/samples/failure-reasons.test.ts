import { expect, test } from "vitest";
import { FailureReasons } from "../../../src/load/samples/failure-reasons.js";
import { OUTCOMES, type RequestOutcome } from "../../../src/load/samples/samples.js";

const code = (outcome: RequestOutcome): number => OUTCOMES.indexOf(outcome);

test("reasons are counted by kind, the most frequent first", () => {
  const reasons = new FailureReasons(6);
  const outcomes = Uint8Array.from(["status", "status", "ok", "body", "body", "body"] as const, code);
  ["404", "404", null, "x", "y", "x"].forEach((reason, index) => {
    reasons.set(index, reason);
  });
  expect(reasons.tally(outcomes)).toEqual([
    { outcome: "status", reason: "404", count: 2 },
    { outcome: "body", reason: "x", count: 2 },
    { outcome: "body", reason: "y", count: 1 },
  ]);
});

test("a response that is found wrong after all counts for its last reason alone", () => {
  const reasons = new FailureReasons(1);
  reasons.set(0, "404");
  reasons.set(0, "more bytes than its Content-Length");
  expect(reasons.tally(Uint8Array.of(code("body")))).toEqual([
    { outcome: "body", reason: "more bytes than its Content-Length", count: 1 },
  ]);
});

test("a service that fails differently every time fills no memory: the rest are other reasons", () => {
  const reasons = new FailureReasons(1000);
  for (let i = 0; i < 1000; i++) reasons.set(i, `reason ${i}`);
  const tally = reasons.tally(new Uint8Array(1000).fill(code("status")));
  expect(tally).toHaveLength(255);
  expect(tally[0]).toEqual({ outcome: "status", reason: "other reasons", count: 746 });
});

test("text of the service is kept short and visible", () => {
  const reasons = new FailureReasons(1);
  reasons.set(0, `301 to /\u001b[31m\u202e\r\n${"x".repeat(500)}`);
  const [only] = reasons.tally(Uint8Array.of(code("status")));
  expect(only!.reason).toMatch(/^301 to \/ x{110,111}…$/);
});
