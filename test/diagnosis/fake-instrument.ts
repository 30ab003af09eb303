import type { DiagnosisPorts } from "../../src/diagnosis/diagnosis-ports.js";
import type { Instrument, ProfileReading } from "../../src/probes/instrument.js";
import type { Looking } from "../../src/probes/looking.js";
import type { FakeWorld } from "../experiment/fake-world.js";

const HANDLER = { name: "handler", file: "server.js", line: 1, origin: "repository" } as const;
const SERIALIZE = { name: "serialize", file: "dep/index.js", line: 2, origin: "dependency" } as const;

/** Two processes each: 100 calls and 1 ms of CPU of the handler in one of them. */
export function madeUpReadings(looking: Looking): ProfileReading[] {
  const calls = looking === "calls";
  return [
    {
      functions: [HANDLER, SERIALIZE],
      calls: calls ? [100, 50] : null,
      stacks: calls
        ? null
        : [
            { frames: [0], cpuUs: 1000 },
            { frames: [0, 1], cpuUs: 500 },
          ],
    },
    {
      functions: [SERIALIZE],
      calls: calls ? [7] : null,
      stacks: calls ? null : [{ frames: [0], cpuUs: 250 }],
    },
  ];
}

/** An instrument that looks into nothing, and notes what it is told in the events of its world. */
export function fakeInstrument({ events }: FakeWorld, found = true): Instrument {
  return {
    name: "made up",
    prepare: ({ looking, environment }) =>
      Promise.resolve({
        environment: { LOOK: looking, OWN: environment["OWN"] ?? "" },
        attach: () =>
          Promise.resolve(
            found
              ? {
                  words: `made up: ${looking}`,
                  processes: [],
                  probe: {
                    start: () => {
                      events.push(`look at ${looking}`);
                      return Promise.resolve(() => Promise.resolve(madeUpReadings(looking)));
                    },
                  },
                }
              : null,
          ),
        close: () => {
          events.push("close");
          return Promise.resolve();
        },
      }),
  };
}

/** One that knows the runtime and cannot count its calls. */
export function samplingInstrument(world: FakeWorld): Instrument {
  const instrument = fakeInstrument(world);
  return {
    ...instrument,
    prepare: async (options) => {
      const prepared = await instrument.prepare(options);
      if (options.looking === "cpu") return prepared;
      return {
        ...prepared,
        attach: (processes) =>
          Promise.resolve({ words: "calls cannot be counted", processes: [...processes], probe: null }),
      };
    },
  };
}

export function diagnosisPorts(world: FakeWorld, instrument = fakeInstrument(world)): DiagnosisPorts {
  return {
    experiment: world.ports,
    instruments: [instrument],
    folderOf: () => Promise.resolve("/code"),
    environmentOf: () => ({ OWN: "kept" }),
    newFolder: () => Promise.resolve("/run"),
  };
}
