import { describe, expect, test } from "vitest";
import { countRed, gridPlaces } from "../../../bench/statistics/grid.js";

/*
 * A small part of `npm run bench:statistics -- grid`, whose table stands in docs/statistics.md. All from one seed: the
 * same runs on every machine.
 */

const RUNS = 40;
const few = { alpha: 0.01, seed: 3, from: 0, runs: RUNS };

describe("at an alpha of 1 % unchanged code", () => {
  test("with six blocks never turns red by chance", () => {
    const places = gridPlaces().filter(({ blocks }) => blocks === 6);
    expect(places.map((place) => countRed(place, few).red)).toEqual(places.map(() => 0));
  });

  test.each([7, 8, 12])("with %i blocks turns red in at most 1 % of runs, over all machines", (blocks) => {
    const places = gridPlaces().filter((place) => place.blocks === blocks);
    const red = places.reduce((sum, place) => sum + countRed(place, few).red, 0);
    expect(red / (places.length * RUNS)).toBeLessThanOrEqual(0.01);
  });
});
