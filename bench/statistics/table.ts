import type { Tally } from "./simulate.js";

/** The 95 % interval of a share (Wilson 1927). */
export function wilson(count: number, of: number): { readonly low: number; readonly high: number } {
  const z = 1.959964;
  const p = count / of;
  const middle = (p + (z * z) / (2 * of)) / (1 + (z * z) / of);
  const half = (z / (1 + (z * z) / of)) * Math.sqrt((p * (1 - p)) / of + (z * z) / (4 * of * of));
  return { low: Math.max(0, middle - half), high: Math.min(1, middle + half) };
}

/** A share with its 95 % interval. */
export function share(count: number, of: number): string {
  const { low, high } = wilson(count, of);
  const [share, from, to] = [count / of, low, high].map((value) => (100 * value).toFixed(2));
  return `${share} % (${from} to ${to})`;
}

export function line(name: string, tally: Tally): void {
  const { runs, regression, pass, inconclusive, blocks } = tally;
  console.log(
    `| ${name} | ${runs} | ${share(regression, runs)} | ${share(pass, runs)} | ${share(inconclusive, runs)} | ${(blocks / runs).toFixed(1)} |`,
  );
}

export function head(): void {
  console.log("| runs of | number | regression | pass | inconclusive | blocks, mean |");
  console.log("| --- | ---: | ---: | ---: | ---: | ---: |");
}
