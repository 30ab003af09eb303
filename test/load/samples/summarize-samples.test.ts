import fc from "fast-check";
import { expect, test } from "vitest";
import { latenciesUs, summarizeSamples } from "../../../src/load/samples/summarize-samples.js";
import { NO_STATUS, type ArmSamples, type RequestOutcome } from "../../../src/load/samples/samples.js";
import { Recorder } from "../../../src/load/samples/recorder.js";

interface Sample {
  intended: number;
  sent: number;
  done: number;
  outcome?: RequestOutcome;
  queued?: boolean;
  first?: boolean;
  status?: number;
  bytes?: number;
  reason?: string;
}

/** Samples as the recorder takes them down; without a `done` the request never ended. */
function samplesOf(list: readonly Sample[], changes: Partial<ArmSamples> = {}): ArmSamples {
  const recorder = new Recorder(list.length);
  list.forEach(({ intended, sent, done, queued, first, outcome, status, bytes, reason }, index) => {
    recorder.due(index, intended, queued === true);
    if (!Number.isNaN(sent)) recorder.sent(index, sent);
    if (first === true) recorder.firstOnConnection(index);
    if (Number.isNaN(done)) return;
    recorder.ended({
      index,
      outcome: outcome ?? "ok",
      reason: reason ?? null,
      doneUs: done,
      status: status ?? 200,
      bytes: bytes ?? 0,
    });
  });
  return {
    ...recorder.finish("a", list.length, { startUs: 0, reconnects: 0, connections: 1 }),
    activeMs: 1000,
    sendingMs: 1000,
    ...changes,
  };
}

test("an idle connection starts the clock at the write, a busy one at the intended time", () => {
  const samples = samplesOf([
    { intended: 100, sent: 400, done: 1400 },
    { intended: 100, sent: 400, done: 1500, queued: true },
  ]);
  expect([...latenciesUs(samples)]).toEqual([1000, 1400]);
});

test("a timeout is a sample at its value, any other error is none", () => {
  const samples = samplesOf([
    { intended: 0, sent: 0, done: 10 },
    { intended: 0, sent: 0, done: 5000, outcome: "timeout", status: NO_STATUS },
    { intended: 0, sent: 0, done: 1, outcome: "status", status: 500 },
    { intended: 0, sent: 0, done: 1, outcome: "connection", status: NO_STATUS },
    { intended: 0, sent: 0, done: 1, outcome: "body", status: 200 },
  ]);
  expect([...latenciesUs(samples)]).toEqual([10, 5000]);
  expect(summarizeSamples(samples).measured.errors).toEqual({
    status: 1,
    timeout: 1,
    connection: 1,
    body: 1,
  });
});

test("a timeout that waited for a connection and was never written counts from its intended time", () => {
  const samples = samplesOf([
    { intended: 0, sent: 0, done: 10 },
    { intended: 100, sent: NaN, done: 5100, outcome: "timeout", queued: true, status: NO_STATUS },
  ]);
  expect(summarizeSamples(samples)).toMatchObject({
    sent: 1,
    accounted: 2,
    measured: { requests: 2, latencyUs: { max: 5000 } },
  });
});

test("the first request of a connection is counted and is no latency sample", () => {
  const samples = samplesOf([
    { intended: 0, sent: 0, done: 9999, first: true },
    { intended: 0, sent: 0, done: 10 },
  ]);
  expect(summarizeSamples(samples)).toMatchObject({
    samples: 1,
    measured: { requests: 2, latencyUs: { max: 10 } },
  });
});

test("without a single response as expected there is no latency, even where timeouts are samples", () => {
  const samples = samplesOf([{ intended: 0, sent: 0, done: 5000, outcome: "timeout", status: NO_STATUS }]);
  expect(summarizeSamples(samples).measured.latencyUs).toBeNull();
  expect(summarizeSamples(samplesOf([])).measured.latencyUs).toBeNull();
});

test("a sample without an end is not accounted for", () => {
  const samples = samplesOf([
    { intended: 0, sent: 0, done: 10 },
    { intended: 0, sent: 0, done: NaN },
  ]);
  expect(summarizeSamples(samples)).toMatchObject({ accounted: 1, measured: { requests: 2 } });
});

test("quantiles are exact: type 7 on all samples, as the definition has it", () => {
  fc.assert(
    fc.property(
      fc.array(fc.double({ min: 1, max: 1e7, noNaN: true }), { minLength: 1, maxLength: 200 }),
      (list) => {
        const { latencyUs } = summarizeSamples(
          samplesOf(list.map((done) => ({ intended: 0, sent: 0, done }))),
        ).measured;
        const sorted = [...list].sort((a, b) => a - b);
        const type7 = (p: number): number => {
          const h = (sorted.length - 1) * p;
          const low = Math.floor(h);
          return sorted[low]! + (h - low) * ((sorted[low + 1] ?? sorted[low]!) - sorted[low]!);
        };
        for (const [name, p] of [
          ["p50", 0.5],
          ["p75", 0.75],
          ["p90", 0.9],
          ["p95", 0.95],
          ["p99", 0.99],
          ["p999", 0.999],
          ["max", 1],
        ] as const) {
          const difference = Math.abs(latencyUs![name] - type7(p));
          expect(difference).toBeLessThanOrEqual(1e-9 * sorted.at(-1)!);
        }
      },
    ),
  );
});

test("throughput counts responses as expected only, the achieved rate what was written", () => {
  const fast = { intended: 0, sent: 0, done: 1, outcome: "status", status: 500 } as const;
  const samples = samplesOf([fast, fast, fast, { intended: 0, sent: 0, done: 10 }], {
    activeMs: 2000,
    sendingMs: 1000,
  });
  expect(summarizeSamples(samples)).toMatchObject({
    servedPerSecond: 0.5,
    measured: { achievedRatePerSecond: 4 },
  });
});

test("bytes are a mean over complete responses, and statuses are counted", () => {
  const samples = samplesOf([
    { intended: 0, sent: 0, done: 1, bytes: 100 },
    { intended: 0, sent: 0, done: 1, bytes: 300, status: 404, outcome: "status" },
    { intended: 0, sent: 0, done: 1, bytes: 7, status: NO_STATUS, outcome: "connection" },
  ]);
  expect(summarizeSamples(samples)).toMatchObject({
    bytes: 400,
    measured: { bytesPerResponse: 200, statuses: { 200: 1, 404: 1 } },
  });
});
