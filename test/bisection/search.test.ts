import { describe, expect, test } from "vitest";
import type { Evidence } from "../../src/bisection/evidence.js";
import { posterior, type Step } from "../../src/bisection/posterior.js";
import { nextStep, type SearchLimits } from "../../src/bisection/search.js";
import { seededRandom, type Random } from "../../src/stats/random.js";

const LIMITS: SearchLimits = { confidence: 0.95, mostSteps: 40 };

const measured = (worsening: number, error = 0.01): Evidence => ({ kind: "measured", worsening, error });

/** Standard normal (Box and Muller). */
function gauss(random: Random): number {
  return Math.sqrt(-2 * Math.log(1 - random())) * Math.cos(2 * Math.PI * random());
}

interface World {
  readonly commits: number;
  readonly culprit: number;
  readonly effect: number;
  readonly error: number;
  readonly untestable?: ReadonlySet<number>;
  /** Share of runs that something else decides. */
  readonly stray?: number;
  readonly seed: number;
}

function searched(world: World): {
  first: number;
  last: number;
  steps: number;
  why: string;
  confidence: number;
} {
  const random = seededRandom(world.seed);
  const steps: Step[] = [];
  for (;;) {
    const next = nextStep(world.commits, steps, LIMITS);
    if (next.do === "stop") return { ...next.suspect, steps: steps.length, why: next.why };
    const { place } = next;
    if (world.untestable?.has(place) === true) {
      steps.push({ place, evidence: { kind: "untestable", why: "does not build" } });
      continue;
    }
    const truth = place >= world.culprit ? world.effect : 0;
    const noise = random() < (world.stray ?? 0) ? 0.1 * gauss(random) : world.error * gauss(random);
    steps.push({ place, evidence: measured(truth + noise, world.error) });
  }
}

function many(count: number, make: (seed: number) => World): { right: number; steps: number } {
  let right = 0;
  let steps = 0;
  for (let seed = 1; seed <= count; seed++) {
    const world = make(seed);
    const found = searched(world);
    if (found.why === "found" && found.first <= world.culprit && world.culprit <= found.last) right++;
    steps += found.steps;
  }
  return { right, steps: steps / count };
}

const culpritOf = (seed: number): number => 1 + Math.floor(seededRandom(seed, "culprit")() * 64);

describe("simulated bisections of 64 commits, each comparison with a standard error of 1 %", () => {
  test("find a commit of +8 % in at least 95 of 100, in 10 runs or fewer on average", () => {
    const { right, steps } = many(100, (seed) => ({
      commits: 64,
      culprit: culpritOf(seed),
      effect: Math.log(1.08),
      error: 0.01,
      seed,
    }));
    expect(right).toBeGreaterThanOrEqual(95);
    expect(steps).toBeLessThan(10);
  });

  test("find a commit of +4 % in at least 90 of 100, and take more runs for it", () => {
    const { right, steps } = many(100, (seed) => ({
      commits: 64,
      culprit: culpritOf(seed),
      effect: Math.log(1.04),
      error: 0.01,
      seed,
    }));
    expect(right).toBeGreaterThanOrEqual(90);
    expect(steps).toBeLessThan(18);
  });

  test("are not led astray by one run in fifty that something else decided", () => {
    const { right } = many(100, (seed) => ({
      commits: 64,
      culprit: culpritOf(seed),
      effect: Math.log(1.08),
      error: 0.01,
      stray: 0.02,
      seed,
    }));
    expect(right).toBeGreaterThanOrEqual(90);
  });

  test("say that bad is not slower where it is not, in at least 95 of 100", () => {
    let said = 0;
    for (let seed = 1; seed <= 100; seed++) {
      const { why } = searched({ commits: 64, culprit: 65, effect: 0, error: 0.01, seed });
      if (why === "not-slower") said++;
    }
    expect(said).toBeGreaterThanOrEqual(95);
  });
});

test("without noise it takes no more runs than halving does, and names the one commit", () => {
  for (let culprit = 1; culprit <= 64; culprit++) {
    const found = searched({ commits: 64, culprit, effect: 0.1, error: 0.001, seed: culprit });
    expect(found).toMatchObject({ first: culprit, last: culprit, why: "found" });
    // Bad itself, and six halvings of 64, one more where a half is not even.
    expect(found.steps).toBeLessThanOrEqual(8);
  }
});

test("commits that cannot be tested are passed over, and suspected together with the next one that can", () => {
  const untestable = new Set([10, 11, 12]);
  const found = searched({ commits: 32, culprit: 11, effect: 0.1, error: 0.002, untestable, seed: 1 });
  expect(found).toMatchObject({ first: 10, last: 13, why: "found" });
  const apart = searched({ commits: 32, culprit: 20, effect: 0.1, error: 0.002, untestable, seed: 1 });
  expect(apart).toMatchObject({ first: 20, last: 20, why: "found" });
});

test("a single commit needs nothing but the proof that it is slower", () => {
  expect(searched({ commits: 1, culprit: 1, effect: 0.1, error: 0.01, seed: 1 })).toMatchObject({
    first: 1,
    last: 1,
    steps: 1,
  });
});

test("a bad commit that does not start, or runs that say nothing, end the search", () => {
  const broken: Step[] = [{ place: 4, evidence: { kind: "untestable", why: "x" } }];
  expect(nextStep(4, broken, LIMITS)).toMatchObject({ do: "stop", why: "no-measurement" });
  const failed: Step[] = Array.from({ length: 3 }, () => ({
    place: 4,
    evidence: { kind: "failed", why: "x" },
  }));
  expect(nextStep(4, failed.slice(0, 2), LIMITS)).toEqual({ do: "measure", place: 4 });
  expect(nextStep(4, failed, LIMITS)).toMatchObject({ do: "stop", why: "no-measurement" });
});

test("a commit that cannot serve the load counts as worse", () => {
  const steps: Step[] = [
    { place: 8, evidence: { kind: "broken", why: "overloaded" } },
    { place: 4, evidence: { kind: "broken", why: "overloaded" } },
  ];
  const beliefs = posterior(8, steps);
  expect(beliefs.slice(0, 4).reduce((a, b) => a + b)).toBeGreaterThan(0.95);
});

test("the number of steps is bounded whatever comes", () => {
  const random = seededRandom(5);
  const steps: Step[] = [];
  let next = nextStep(64, steps, { confidence: 0.9999999, mostSteps: 12 });
  while (next.do === "measure") {
    steps.push({
      place: next.place,
      evidence: measured(next.place === 64 ? 0.1 : 0.05 * gauss(random), 0.05),
    });
    next = nextStep(64, steps, { confidence: 0.9999999, mostSteps: 12 });
  }
  expect(steps.length).toBeLessThanOrEqual(12);
});
