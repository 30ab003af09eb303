import { readFileSync } from "node:fs";

/** Reference values made with numpy and scipy; the versions are in the file. */
export interface Vectors {
  readonly made: string;
  readonly paired: readonly {
    readonly logRatios: readonly number[];
    readonly trim: number;
    readonly trimmedMean: number;
    readonly winsorisedSd: number;
    readonly standardError: number;
    readonly degreesOfFreedom: number;
    readonly t: number;
    readonly pGreaterYuen: number;
    readonly ci95: readonly [number, number];
    readonly upper95OneSided: number;
    readonly pGreaterSignFlipExact?: number;
    /** Says why a row without spread carries no p and no interval. */
    readonly note?: string;
  }[];
  readonly maxT: readonly {
    readonly logRatios: readonly (readonly number[])[];
    readonly negligible: readonly number[];
    readonly t: readonly number[];
    readonly pAdjustedExact: readonly number[];
  }[];
  readonly quantiles: readonly ({ readonly sorted: readonly number[] } & Record<string, number>)[];
  readonly tQuantiles: readonly {
    readonly degreesOfFreedom: number;
    readonly probability: number;
    readonly value: number;
  }[];
}

export const vectors = JSON.parse(readFileSync(new URL("vectors.json", import.meta.url), "utf8")) as Vectors;

/** How far two numbers are apart, relative to the larger. */
export function relativeError(actual: number, expected: number): number {
  if (actual === expected) return 0;
  return Math.abs(actual - expected) / Math.max(Math.abs(actual), Math.abs(expected), 1e-12);
}

/** How many of the 2^n flips change no more values than trimming cuts from one end. */
export function undoneByTrimming(n: number, share: number): number {
  const trimmed = Math.floor(share * n + 1e-9);
  let count = 0;
  for (let flip = 0; flip < 2 ** n; flip++) {
    if (flip.toString(2).replaceAll("0", "").length <= trimmed) count++;
  }
  return count;
}
