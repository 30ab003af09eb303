import { expect, test } from "vitest";
import { prepareInstruments } from "../../src/diagnosis/instrumented-launch.js";
import type { AttachedInstrument, Instrument } from "../../src/probes/instrument.js";
import type { RunningService } from "../../src/service/lifecycle/running-service.js";
import { fakeWorld } from "../experiment/fake-world.js";
import { planOf } from "../experiment/made-up-experiment.js";
import { diagnosisPorts } from "./fake-instrument.js";

function instrumentThat(
  attach: (processes: readonly number[]) => Promise<AttachedInstrument | null>,
): Instrument {
  return {
    name: "made up",
    prepare: () => Promise.resolve({ environment: {}, attach, close: () => Promise.resolve() }),
  };
}

test("each instrument is offered the processes that those before it left, and one that fails spoils no other", async () => {
  const offered: (readonly number[])[] = [];
  const probe = { start: () => Promise.resolve(() => Promise.resolve([])) };
  const claim = (count: number): Instrument =>
    instrumentThat((processes) => {
      offered.push(processes);
      return Promise.resolve({ words: `${count} of them`, processes: processes.slice(0, count), probe });
    });
  const broken = instrumentThat(() => Promise.reject(new Error("gone\nits log")));
  const [arm] = planOf().arms;
  const prepared = await prepareInstruments(arm!, "cpu", {
    ...diagnosisPorts(fakeWorld()),
    instruments: [claim(1), broken, claim(2)],
  });
  // The last of them is this test's own process, so that it is known to be Node.js.
  const service = { processes: () => [2 ** 30, 2 ** 30 + 1, 2 ** 30 + 2, process.pid] };
  const { probes, words } = await prepared.attach(service as unknown as RunningService);
  expect(offered).toEqual([service.processes(), service.processes().slice(1)]);
  expect(probes).toHaveLength(2);
  expect(words).toEqual([
    "1 of them",
    "an instrument failed: Error: gone",
    "2 of them",
    expect.stringContaining("Node.js runs but did not load the instrument"),
  ]);
});
