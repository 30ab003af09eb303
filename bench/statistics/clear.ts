import { seededRandom } from "../../src/stats/random.js";
import { Evidence } from "../../src/verdict/judging/evidence.js";
import { OBSERVATIONS_SCHEMA } from "../../src/model/observations.js";
import { madeUpCell } from "./made-up-cell.js";
import { normal } from "./noise.js";

const CELLS = 8;
const NOISE = 0.025;
const LIMIT = 0.05;

/**
 * Share of looks with `blocks` blocks that show one cell of eight to be worse, spending `alpha`: how clear a large
 * worsening is where there are few blocks.
 */
export function foundAtOneLook(
  blocks: number,
  alpha: number,
  worsening: number,
  runs: number,
  seed: number,
): number {
  const random = seededRandom(seed, "clear");
  let found = 0;
  for (let run = 0; run < runs; run++) {
    const cells = Array.from({ length: CELLS }, (_, cell) =>
      madeUpCell(cell, LIMIT, {
        base: Array<number>(blocks).fill(1),
        head: Array.from(
          { length: blocks },
          () => Math.exp(NOISE * normal(random)) * (cell === 0 ? 1 + worsening : 1),
        ),
      }),
    );
    const evidence = new Evidence({
      schema: OBSERVATIONS_SCHEMA,
      baseline: "base",
      control: null,
      alpha: 0.05,
      looks: [],
      seed: run,
      strict: false,
      cells,
    });
    const row = evidence.rows[0]!;
    if (row.location.mean >= row.limit && evidence.isClear(row, "worse", alpha)) found++;
  }
  return found / runs;
}
