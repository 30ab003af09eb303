import { expect, test } from "vitest";
import { type Probe, withProbes } from "../../src/probes/probe.js";
import { usageProbe } from "../../src/probes/usage.js";
import type { Usage } from "../../src/service/lifecycle/running-service.js";

/** A probe that notes what is asked of it, and reads its own name. */
function namedProbe(name: string, events: string[]): Probe<string> {
  return {
    start() {
      events.push(`start ${name}`);
      return Promise.resolve(() => {
        events.push(`stop ${name}`);
        return Promise.resolve(name);
      });
    },
  };
}

test("every probe is started before the load and stopped after it, and readings come in the order of the probes", async () => {
  const events: string[] = [];
  const { result, readings } = await withProbes([namedProbe("a", events), namedProbe("b", events)], () => {
    events.push("load");
    return Promise.resolve(42);
  });
  expect(events).toEqual(["start a", "start b", "load", "stop a", "stop b"]);
  expect({ result, readings }).toEqual({ result: 42, readings: ["a", "b"] });
});

test("a load that fails stops every probe and fails with its own error, whatever the probes do", async () => {
  const events: string[] = [];
  const broken: Probe<string> = {
    start: () => Promise.resolve(() => Promise.reject(new Error("the probe broke"))),
  };
  const load = withProbes([broken, namedProbe("a", events)], () =>
    Promise.reject(new Error("the load broke")),
  );
  await expect(load).rejects.toThrow("the load broke");
  expect(events).toEqual(["start a", "stop a"]);
});

function serviceWith(...usages: readonly Usage[]): { usage(): Promise<Usage> } {
  const left = [...usages];
  return { usage: () => Promise.resolve(left.shift()!) };
}

test("usage is the CPU time in between, and the highest memory so far", async () => {
  const service = serviceWith(
    { cpuNs: 1_000, peakResidentBytes: 10 },
    { cpuNs: 5_500, peakResidentBytes: 30 },
  );
  const stop = await usageProbe(service).start();
  expect(await stop()).toEqual({ cpuNs: 4_500, peakResidentBytes: 30 });
});

test("usage that the system does not tell is null, and never a difference with it", async () => {
  const service = serviceWith({ cpuNs: null, peakResidentBytes: null }, { cpuNs: 7, peakResidentBytes: 8 });
  const stop = await usageProbe(service).start();
  expect(await stop()).toEqual({ cpuNs: null, peakResidentBytes: 8 });
});

test("readings of one probe may overlap", async () => {
  const service = serviceWith(...[0, 10, 25, 100].map((cpuNs) => ({ cpuNs, peakResidentBytes: null })));
  const probe = usageProbe(service);
  const { result, readings } = await withProbes([probe], () => withProbes([probe], () => Promise.resolve()));
  expect(result.readings.map(({ cpuNs }) => cpuNs)).toEqual([15]);
  expect(readings.map(({ cpuNs }) => cpuNs)).toEqual([100]);
});
