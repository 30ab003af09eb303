import { jointSignFlip, type JointSignFlip } from "../stats/joint-sign-flip.js";
import { seededRandom } from "../stats/random.js";
import { tQuantile } from "../stats/student-t.js";
import type { Observations } from "../model/observations.js";
import { testedRow, type TestedRow } from "./tested-row.js";

/**
 * Rows that share an error rate. `gated` decides the run. `control` and `ungated` stand apart, so that neither a
 * second copy of the baseline nor a metric that is only shown costs the gates any power.
 */
export type Family = "gated" | "ungated" | "control";

type Direction = "worse" | "better";

/**
 * With fewer blocks the flips are judged by the plain mean: trimming leaves four of six values, and the flips that it
 * undoes are 7 of 64, more than the error allowed. The number of blocks is no outcome, so choosing by it keeps the error
 * rate.
 */
const TRIMMED_FLIPS_FROM = 8;

/**
 * A row takes no part in the flips of the others where it is within the negligible with this probability of error. With
 * its signs changed, a precise row in which nothing happened looks like a precise worsening by all that is negligible:
 * it would hide real ones (a test of composite hypotheses leaves out what lies deep inside of them; Hansen 2005, Romano,
 * Shaikh and Wolf 2014). A row that truly is at the edge is left out this seldom, which cannot be seen in the error rate
 * (docs/statistics.md).
 */
const CLEARLY_WITHIN = 0.001;

/** All rows at one number of blocks. Sign flips are made when first asked for: most looks do not need them. */
export class Evidence {
  readonly rows: readonly TestedRow[];
  readonly blocks: number;
  readonly #observations: Observations;
  readonly #testedRows = new Map<string, readonly TestedRow[]>();
  readonly #flips = new Map<string, JointSignFlip>();

  /** @throws RangeError for fewer than two blocks */
  constructor(observations: Observations) {
    const { cells, baseline, strict } = observations;
    this.#observations = observations;
    this.rows = cells.flatMap((cell) =>
      Object.keys(cell.values)
        .filter((arm) => arm !== baseline)
        .map((arm) => testedRow(cell, baseline, arm, strict)),
    );
    this.blocks = this.rows[0]?.location.n ?? 0;
  }

  familyOf(row: TestedRow): Family {
    if (!row.cell.gated) return "ungated";
    return row.arm === this.#observations.control ? "control" : "gated";
  }

  members(family: Family): readonly TestedRow[] {
    return this.rows.filter((row) => this.familyOf(row) === family);
  }

  /** Family-wise adjusted p of "worse by more than the negligible", or with arms swapped of "better"; stepped down. */
  p(row: TestedRow, direction: Direction): number {
    const family = this.familyOf(row);
    const index = this.#tested(family, direction).indexOf(row);
    return index < 0 ? 1 : this.#flip(family, direction).pStepDown[index]!;
  }

  /**
   * The T that this row needs for an adjusted p of `alpha`. Rows that clearly changed are left out as in a step-down
   * test (Westfall and Young 1993): the flips around their own shift say nothing of how noisy the others are.
   */
  criticalT(row: TestedRow, alpha: number): number {
    const family = this.familyOf(row);
    const tested = this.#tested(family, "worse");
    // Where nothing else could be found, the row would stand alone, and be judged by its own error.
    if (tested.length === 0) {
      return alpha > 0 ? tQuantile(1 - alpha, row.location.degreesOfFreedom) : Infinity;
    }
    const still = tested.filter((one) => this.p(one, "worse") > alpha && this.p(one, "better") > alpha);
    if (still.length === tested.length || still.length === 0)
      return this.#flip(family, "worse").criticalT(alpha);
    return this.#flip(family, "worse", still).criticalT(alpha);
  }

  /** Rows in which something could be found; cells without a single error in either arm are none. */
  #tested(family: Family, direction: Direction): readonly TestedRow[] {
    const key = `${family} ${direction}`;
    let tested = this.#testedRows.get(key);
    if (tested === undefined) {
      tested = this.members(family).filter((row) => !row.silent && !isClearlyWithin(row, direction));
      this.#testedRows.set(key, tested);
    }
    return tested;
  }

  #flip(family: Family, direction: Direction, among = this.#tested(family, direction)): JointSignFlip {
    const key = `${family} ${direction} ${among.length}`;
    let flip = this.#flips.get(key);
    if (flip === undefined) {
      const sign = direction === "worse" ? 1 : -1;
      const rows = among.map((row) => ({
        values: row.differences.map((difference) => sign * difference - row.negligible),
        trim: this.blocks < TRIMMED_FLIPS_FROM ? 0 : row.trim,
      }));
      // The same signs for every family and direction: swapping the arms mirrors the result exactly.
      flip = jointSignFlip(rows, seededRandom(this.#observations.seed, `flips at ${this.blocks}`));
      this.#flips.set(key, flip);
    }
    return flip;
  }
}

function isClearlyWithin({ location, negligible }: TestedRow, direction: Direction): boolean {
  const { mean, standardError, degreesOfFreedom } = location;
  const worsening = direction === "worse" ? mean : -mean;
  return (worsening - negligible) / standardError < tQuantile(CLEARLY_WITHIN, degreesOfFreedom);
}
