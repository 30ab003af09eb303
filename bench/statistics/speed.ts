import { judge } from "../../src/verdict/judging/judge.js";
import { SEED } from "./options.js";
import { observed } from "./simulate.js";
import { simulatedRun } from "./noise.js";

const CELLS = 280;

/**
 * The hardest document of its size: limits so narrow that every row is open to the last look, in both directions, and
 * everything is written out.
 */
export function speed(): void {
  const copies = Math.ceil(CELLS / 24);
  const cells = Array.from({ length: copies }, (_, copy) =>
    simulatedRun(SEED + copy).cells.map((cell) => ({ ...cell, scenario: `${copy} ${cell.scenario ?? ""}` })),
  )
    .flat()
    .filter((cell) => cell.scale === "log")
    .slice(0, CELLS)
    .map((cell) => ({ ...cell, limit: cell.limit / 100 }));
  const start = performance.now();
  const { cells: judged, look } = judge(observed(cells, SEED));
  const ms = performance.now() - start;
  const megabytes = process.resourceUsage().maxRSS / 1024;
  console.log(
    `${judged.length} cells, ${look} blocks, four looks, 9,999 flips each: ${ms.toFixed(0)} ms, peak of the process ${megabytes.toFixed(0)} MB`,
  );
}
