import { expect, test } from "vitest";
import { Pacer } from "../../../src/load/scheduler/pacer.js";

function pause(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms));
}

test.each([
  ["awake", true],
  ["with timers", false],
])("the pacer wakes once, and never before it is due (%s)", async (_, awake) => {
  const wokenUs: number[] = [];
  const pacer = new Pacer(() => wokenUs.push(performance.now() * 1000), awake);
  for (const gapUs of [50, 700, 3300]) {
    const dueUs = performance.now() * 1000 + gapUs;
    pacer.at(dueUs);
    while (wokenUs.length === 0) await pause(1);
    expect(wokenUs.splice(0)).toEqual([expect.toSatisfy((at: number) => at >= dueUs)]);
  }
  await pause(20);
  expect(wokenUs).toEqual([]);
});

test("a later time replaces the one before, and a cancelled pacer never wakes", async () => {
  let woken = 0;
  const pacer = new Pacer(() => woken++, true);
  pacer.at(performance.now() * 1000 + 1000);
  pacer.at(performance.now() * 1000 + 10_000_000);
  await pause(20);
  pacer.at(performance.now() * 1000 + 1000);
  pacer.cancel();
  pacer.at(Infinity);
  await pause(20);
  pacer.cancel();
  expect(woken).toBe(0);
});

test("waiting awake counts as idle time, and waiting with timers does not", async () => {
  const wait = async (awake: boolean): Promise<number> => {
    let woken = 0;
    const pacer = new Pacer(() => woken++, awake);
    pacer.at(performance.now() * 1000 + 1400);
    while (woken === 0) await new Promise((resolve) => setImmediate(resolve));
    return pacer.awakeUs;
  };
  expect(await wait(true)).toBeGreaterThan(500);
  expect(await wait(false)).toBe(0);
});
