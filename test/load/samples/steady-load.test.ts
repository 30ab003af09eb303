import { expect, test } from "vitest";
import { steadyPart, together } from "../../../src/load/samples/steady-load.js";

/** A closed burst against a service that works on `workers` requests at a time, each for `workUs`. */
function burst(options: {
  readonly connections: number;
  readonly workers: number;
  readonly workUs: number;
  readonly lengthUs: number;
}) {
  const { connections, workers, workUs, lengthUs } = options;
  const sentUs: number[] = [];
  const doneUs: number[] = [];
  const freeAt = Array<number>(workers).fill(0);
  let due = Array<number>(connections).fill(0);
  while (due.length > 0) {
    const at = Math.min(...due);
    due = due.toSpliced(due.indexOf(at), 1);
    if (at > lengthUs) continue;
    const worker = freeAt.indexOf(Math.min(...freeAt));
    const done = Math.max(at, freeAt[worker]!) + workUs;
    freeAt[worker] = done;
    sentUs.push(at);
    doneUs.push(done);
    due.push(done);
  }
  const ok = new Uint8Array(sentUs.length).fill(1);
  return { sentUs: Float64Array.from(sentUs), doneUs: Float64Array.from(doneUs), ok };
}

const perSecond = ({ served, ms }: { served: number; ms: number }): number => (1000 * served) / ms;

test("the drain of a burst does not count: the rate is what the service serves with every connection busy", () => {
  const slow = burst({ connections: 10, workers: 4, workUs: 20_000, lengthUs: 250_000 });
  const withDrain = (1e6 * slow.ok.length) / Math.max(...slow.doneUs);
  expect(withDrain).toBeLessThan(197);
  expect(perSecond(steadyPart(slow, 10))).toBeCloseTo(200, -1);
  const single = burst({ connections: 10, workers: 1, workUs: 1_000, lengthUs: 100_000 });
  expect(perSecond(steadyPart(single, 10))).toBeCloseTo(1000, 0);
});

test("responses that are not as expected take time and are not served", () => {
  const mixed = burst({ connections: 2, workers: 1, workUs: 1_000, lengthUs: 100_000 });
  const half = { ...mixed, ok: mixed.ok.map((_, i) => i % 2) };
  expect(perSecond(steadyPart(half, 2))).toBeCloseTo(500, -1);
});

test("a burst too short for each connection to have two responses has no steady part", () => {
  const short = burst({ connections: 10, workers: 10, workUs: 80_000, lengthUs: 100_000 });
  expect(steadyPart(short, 10)).toEqual({ served: 0, ms: 0 });
});

test("requests that never ended are left out", () => {
  const some = burst({ connections: 1, workers: 1, workUs: 1_000, lengthUs: 10_000 });
  const { served } = steadyPart(some, 1);
  const doneUs = some.doneUs.map((at, i) => (i === 5 ? NaN : at));
  expect(steadyPart({ ...some, doneUs }, 1).served).toBe(served - 1);
});

test("bursts add up", () => {
  expect(
    together([
      { served: 3, ms: 2 },
      { served: 0, ms: 0 },
      { served: 1, ms: 4 },
    ]),
  ).toEqual({ served: 4, ms: 6 });
});
