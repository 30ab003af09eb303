import { binEdgeUs } from "../../load/samples/histogram.js";

const BAR = 40;
/** Bins of the 128 that are drawn as one line. */
const BINS_A_LINE = 3;

/** `[bin, count]` pairs as bars, one line per range of latencies between the first and the last that occur. */
export function drawDistribution(histogram: readonly (readonly [number, number])[]): string[] {
  const counts = new Map<number, number>();
  for (const [bin, count] of histogram) {
    const line = Math.floor(bin / BINS_A_LINE);
    counts.set(line, (counts.get(line) ?? 0) + count);
  }
  if (counts.size === 0) return [];
  const most = Math.max(...counts.values());
  const total = [...counts.values()].reduce((sum, count) => sum + count, 0);
  const lines: string[] = [];
  for (let line = Math.min(...counts.keys()); line <= Math.max(...counts.keys()); line++) {
    const count = counts.get(line) ?? 0;
    const from = formatLatency(binEdgeUs(line * BINS_A_LINE)).padStart(9);
    const to = formatLatency(binEdgeUs((line + 1) * BINS_A_LINE)).padStart(9);
    // What occurred at all is seen, however rare.
    const bar = "#".repeat(count === 0 ? 0 : Math.max(1, Math.round((count / most) * BAR)));
    lines.push(`${from} - ${to} |${bar.padEnd(BAR)}| ${((count / total) * 100).toFixed(2).padStart(6)} %`);
  }
  return lines;
}

/** Three significant digits in the unit that suits: `87.5 us`, `1.23 ms`, `2.50 s`. */
export function formatLatency(us: number): string {
  if (us < 999.5) return `${us.toPrecision(3)} us`;
  if (us < 999_500) return `${(us / 1000).toPrecision(3)} ms`;
  return us < 999.5e6 ? `${(us / 1e6).toPrecision(3)} s` : `${Math.round(us / 1e6)} s`;
}
