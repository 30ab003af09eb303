import { explain } from "../../src/explanation/explain.js";
import type { Explanation } from "../../src/model/explanation.js";
import type { ArmProfile } from "../../src/model/profile.js";
import { seededRandom, type Random } from "../../src/stats/random.js";
import { normal } from "./noise.js";
import { share } from "./table.js";

const FUNCTIONS = 120;
const REQUESTS = 1_000;
const SAMPLE_US = 300;
/** CPU of a request, all functions together. */
const SERVICE_US = 800;
/** Where the change is: a function of middling size. */
const CHANGED = 20;

/** How the CPU of a function differs from launch to launch, as a factor. */
interface LaunchNoise {
  readonly name: string;
  /** Drawn once a launch, and handed to each function. */
  readonly launch: (random: Random) => number;
  readonly of: (place: number, launch: number, random: Random) => number;
}

const NOISES: readonly LaunchNoise[] = [
  {
    name: "counting of samples alone",
    launch: () => 1,
    of: (_, launch) => launch,
  },
  {
    name: "and 3 % from launch to launch, each function its own",
    launch: () => 1,
    of: (_, launch, random) => launch * Math.exp(0.03 * normal(random)),
  },
  {
    name: "and every tenth function 20 %",
    launch: () => 1,
    of: (place, launch, random) => launch * Math.exp((place % 10 === 3 ? 0.2 : 0.03) * normal(random)),
  },
  {
    name: "and in one launch of five a function is 30 % dearer",
    launch: () => 1,
    of: (_, launch, random) => launch * (random() < 0.2 ? 1.3 : 1),
  },
  {
    name: "and 5 % from launch to launch, all functions together",
    launch: (random) => Math.exp(0.05 * normal(random)),
    of: (_, launch, random) => launch * Math.exp(0.02 * normal(random)),
  },
];

/** Sizes of functions fall as in profiles: a few large ones, and a long tail. */
const SIZES = Array.from({ length: FUNCTIONS }, (_, place) => 1 / (place + 5));
const SCALE = SERVICE_US / SIZES.reduce((sum, size) => sum + size, 0);

function profile(arm: string, block: number, moreUs: number, noise: LaunchNoise, random: Random): ArmProfile {
  const launch = noise.launch(random);
  const stacks = SIZES.map((size, place) => {
    const us = size * SCALE + (place === CHANGED ? moreUs : 0);
    const expected = (us * REQUESTS * noise.of(place, launch, random)) / SAMPLE_US;
    // Poisson's spread, as a normal: a function with fewer than seven samples is not looked at.
    const samples = Math.max(0, Math.round(expected + Math.sqrt(expected) * normal(random)));
    return { frames: [place], cpuUs: samples * SAMPLE_US };
  });
  const cpuUs = stacks.reduce((sum, stack) => sum + stack.cpuUs, 0) / REQUESTS;
  return {
    arm,
    block,
    functions: SIZES.map((_, place) => ({
      name: `step${place}`,
      file: "server.js",
      line: 1 + place,
      origin: "repository",
    })),
    calls: null,
    cpu: { stacks, requests: REQUESTS },
    serviceCpuUs: cpuUs,
    latencyUs: cpuUs,
    p99Us: cpuUs,
  };
}

function diagnosis(blocks: number, moreUs: number, noise: LaunchNoise, random: Random): Explanation {
  return explain({
    profiles: Array.from({ length: blocks }, (_, block) => [
      profile("base", block + 1, 0, noise, random),
      profile("head", block + 1, moreUs, noise, random),
    ]).flat(),
    baseline: "base",
    candidate: "head",
    scenario: null,
    instruments: [],
    durationMs: 0,
    profileFiles: [],
  });
}

/**
 * What is named of made-up profiles whose truth is known: of unchanged code nothing may be, of a function that takes 5 %
 * of the service's CPU more, that function first, with an interval that holds the truth.
 */
export function explaining(runs: number, seed: number): void {
  console.log(
    "| profiles with | blocks | unchanged code: something is named | +5 % in one function: it is named first | something else is named | its interval holds the truth | half an interval, of +40 us |",
  );
  console.log("| --- | ---: | ---: | ---: | ---: | ---: | ---: |");
  const moreUs = 0.05 * SERVICE_US;
  for (const noise of NOISES) {
    for (const blocks of [4, 6, 12]) {
      const random = seededRandom(seed, `${noise.name} ${blocks}`);
      let [wrong, first, others, intervals, holds, half] = [0, 0, 0, 0, 0, 0];
      for (let run = 0; run < runs; run++) {
        if (diagnosis(blocks, 0, noise, random).named.length > 0) wrong++;
        const { named } = diagnosis(blocks, moreUs, noise, random);
        if (named[0]?.name === `step${CHANGED}`) first++;
        if (named.some(({ name }) => name !== `step${CHANGED}`)) others++;
        const cpu = named.find(({ name }) => name === `step${CHANGED}`)?.cpu ?? null;
        if (cpu === null) continue;
        intervals++;
        half += (cpu.highUs - cpu.lowUs) / 2;
        if (cpu.lowUs <= moreUs && moreUs <= cpu.highUs) holds++;
      }
      console.log(
        `| ${noise.name} | ${blocks} | ${share(wrong, runs)} | ${share(first, runs)} | ${share(others, runs)} | ` +
          `${intervals === 0 ? "" : share(holds, intervals)} | ${intervals === 0 ? "" : (half / intervals).toFixed(1)} |`,
      );
    }
  }
}
