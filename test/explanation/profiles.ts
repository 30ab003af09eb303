import type { ArmProfile, FunctionOrigin, ProfiledFunction } from "../../src/model/profile.js";
import { explain, type Diagnosis } from "../../src/explanation/explain.js";
import type { Explanation } from "../../src/model/explanation.js";
import { seededRandom, type Random } from "../../src/stats/random.js";

/** A function of a service made up: "server.js:41 serialize", "pg/lib/client.js:5 query" or "createHash". */
export type FunctionText = string;

/** What one arm does in a request. */
export interface Program {
  /** Calls of a request. */
  readonly calls: Readonly<Record<FunctionText, number>>;
  /** CPU of a request in microseconds, by call path: functions between " > ", outermost first. */
  readonly cpuUs: Readonly<Record<string, number>>;
  /** Time of a request in which the service only waits, in microseconds. */
  readonly waitingUs?: number;
  /** By how much longer the slowest of a hundred requests takes. */
  readonly tailUs?: number;
}

/** How instruments err. */
export interface Instrument {
  readonly seed?: number;
  readonly blocks?: number;
  readonly requests?: number;
  readonly sampleUs?: number;
  /** Spread of a path's CPU from launch to launch, as a share. */
  readonly launch?: number;
  readonly counts?: boolean;
  readonly samples?: boolean;
}

/** Profiles of both arms as a sampler and a counter would see them. */
export function profilesOf(base: Program, head: Program, instrument: Instrument = {}): ArmProfile[] {
  const random = seededRandom(instrument.seed ?? 1, "profiles");
  return Array.from({ length: instrument.blocks ?? 6 }, (_, index) => [
    profileOf("base", index + 1, base, instrument, random),
    profileOf("head", index + 1, head, instrument, random),
  ]).flat();
}

/** The explanation of two programs. */
export function explained(
  base: Program,
  head: Program,
  instrument: Instrument = {},
  diagnosis: Partial<Diagnosis> = {},
): Explanation {
  return explain({
    profiles: profilesOf(base, head, instrument),
    baseline: "base",
    candidate: "head",
    scenario: "list users",
    instruments: ["Calls are counted by V8.", "CPU is sampled by V8 every 0.3 ms."],
    durationMs: 30_000,
    profileFiles: [],
    ...diagnosis,
  });
}

function profileOf(
  arm: string,
  block: number,
  program: Program,
  { requests = 1_000, sampleUs = 300, launch = 0.03, counts = true, samples = true }: Instrument,
  random: Random,
): ArmProfile {
  const texts = [
    ...new Set([
      ...Object.keys(program.calls),
      ...Object.keys(program.cpuUs).flatMap((path) => path.split(" > ")),
    ]),
  ];
  const placeOf = new Map(texts.map((text, place) => [text, place]));
  let spentUs = 0;
  const stacks = Object.entries(program.cpuUs).map(([path, us]) => {
    const seen = (us * requests * Math.exp(launch * normal(random))) / sampleUs;
    const cpuUs = Math.max(0, Math.round(seen + Math.sqrt(seen) * normal(random))) * sampleUs;
    spentUs += cpuUs / requests;
    return { frames: path.split(" > ").map((text) => placeOf.get(text)!), cpuUs };
  });
  return {
    arm,
    block,
    functions: texts.map(functionOf),
    calls: counts
      ? { counts: texts.map((text) => Math.round((program.calls[text] ?? 0) * requests)), requests }
      : null,
    cpu: samples ? { stacks: stacks.filter(({ cpuUs }) => cpuUs > 0), requests } : null,
    serviceCpuUs: spentUs,
    latencyUs: spentUs + (program.waitingUs ?? 0) * (1 + 0.01 * normal(random)),
    p99Us: (4 * spentUs + (program.tailUs ?? 0)) * (1 + 0.1 * normal(seededRandom(block, arm))),
  };
}

/** Box and Muller. */
export function normal(random: Random): number {
  return Math.sqrt(-2 * Math.log(1 - random())) * Math.cos(2 * Math.PI * random());
}

export function functionOf(text: FunctionText): ProfiledFunction {
  const [place, name] = /^\S+:\d+ /u.test(text) ? (text.split(" ", 2) as [string, string]) : [null, text];
  const [file = null, line = null] = place?.split(":") ?? [];
  const origin: FunctionOrigin = file === null ? "runtime" : file.includes("/") ? "dependency" : "repository";
  return { name: name === "()" ? "" : name, file, line: line === null ? null : Number(line), origin };
}
