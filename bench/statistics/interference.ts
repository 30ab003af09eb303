import { type Interference, type Noise, normal, type Slowed, STALLING, STEADY } from "./noise.js";

/*
 * What else happens to a run of unchanged code: other work on the machine, and the order in which things are done. None
 * of it knows which arm is head, and a block's order is drawn anew, so whatever it does to one arm it could as well have
 * done to the other.
 */

/** Something heavy runs while one arm has its turn, in three of ten blocks; in half of these, in one scenario only. */
const neighbour: Interference = (random, _blocks, scenarios) => () => {
  if (random() > 0.3) return evenly(scenarios, 0, 0);
  const size = -0.4 * Math.log(1 - random());
  const only = random() < 0.5 ? Math.floor(random() * scenarios) : null;
  const hit = Array.from({ length: scenarios }, (_, scenario) =>
    only === null || only === scenario ? size : 0,
  );
  const spared = hit.map(() => 0);
  return random() < 0.5 ? { base: hit, head: spared } : { base: spared, head: hit };
};

/**
 * Another run with the same rhythm: both arms are slower by a third, and the one in the position that it happens to meet
 * by another third. It keeps meeting the same position for about ten blocks.
 */
const lockstep: Interference = (random, _blocks, scenarios) => {
  let meetsFirst = random() < 0.5;
  return () => {
    if (random() < 0.1) meetsFirst = !meetsFirst;
    const both = 0.3 + 0.1 * normal(random);
    const more = both + 0.3 + 0.05 * normal(random);
    const headFirst = random() < 0.5;
    return headFirst === meetsFirst ? evenly(scenarios, both, more) : evenly(scenarios, more, both);
  };
};

/** The machine slows down or speeds up, by steps and in the long run, and the arms run one after the other. */
const drift: Interference = (random, blocks, scenarios) => {
  const slope = normal(random) / blocks;
  let level = 0;
  return () => {
    const before = level;
    level = 0.97 * level + slope + 0.15 * normal(random);
    return random() < 0.5 ? evenly(scenarios, level, before) : evenly(scenarios, before, level);
  };
};

/** Whoever comes second in a block is slower by a sixth. */
const position: Interference = (random, _blocks, scenarios) => () =>
  random() < 0.5 ? evenly(scenarios, 0.15, 0) : evenly(scenarios, 0, 0.15);

export const INTERFERENCES: Readonly<Record<string, Interference>> = {
  none: (_random, _blocks, scenarios) => () => evenly(scenarios, 0, 0),
  neighbour,
  lockstep,
  drift,
  position,
};

export const NOISES: Readonly<Record<string, Noise>> = {
  quiet: STEADY,
  noisy: times(STEADY, 3),
  stalling: STALLING,
  tenfold: times(STEADY, 10),
};

function evenly(scenarios: number, base: number, head: number): Slowed {
  return { base: Array<number>(scenarios).fill(base), head: Array<number>(scenarios).fill(head) };
}

/** Noise so many times as large; how it comes and goes stays as it is. */
function times(noise: Noise, factor: number): Noise {
  const { p50, p90, p95, p99 } = noise.tail;
  return {
    ...noise,
    launch: noise.launch * factor,
    scenarioLaunch: noise.scenarioLaunch * factor,
    driftBetweenArms: noise.driftBetweenArms * factor,
    tail: { p50: p50 * factor, p90: p90 * factor, p95: p95 * factor, p99: p99 * factor },
    throughput: noise.throughput * factor,
    cpu: noise.cpu * factor,
  };
}
