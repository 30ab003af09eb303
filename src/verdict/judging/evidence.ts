import { type FamilyRow, jointSignFlip, type JointSignFlip } from "../../stats/joint-sign-flip.js";
import { seededRandom, type Random } from "../../stats/random.js";
import { signFlipScreen } from "../../stats/sign-flip-screen.js";
import { tQuantile } from "../../stats/student-t.js";
import type { Observations } from "../../model/observations.js";
import { judgedByRunners } from "./runners.js";
import { testedRow, type TestedRow } from "./tested-row.js";

/**
 * Rows that share an error rate. `gated` decides the run. `control` and `ungated` stand apart, so that neither a
 * second copy of the baseline nor a metric that is only shown costs the gates any power.
 */
export type Family = "gated" | "ungated" | "control";

type Direction = "worse" | "better";

type Screen = ReturnType<typeof signFlipScreen>;

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
  /** Blocks, or runners where the run is judged by their means: what is independent of one another. */
  readonly blocks: number;
  readonly #observations: Observations;
  readonly #testedRows = new Map<string, ReadonlyMap<TestedRow, number>>();
  readonly #flips = new Map<string, JointSignFlip>();
  readonly #screens = new Map<string, Screen>();
  readonly #criticalT = new Map<string, number>();

  /** @throws RangeError for fewer than two blocks */
  constructor(observations: Observations) {
    const { cells, baseline, strict, alpha, runners } = observations;
    this.#observations = observations;
    const judgedBy = runners !== undefined && judgedByRunners(runners, alpha) ? runners : undefined;
    this.rows = cells.flatMap((cell) =>
      Object.keys(cell.values)
        .filter((arm) => arm !== baseline)
        .map((arm) => testedRow(cell, baseline, arm, strict, judgedBy)),
    );
    this.blocks = Math.max(0, ...this.rows.map((row) => row.location.n));
  }

  /** Whether the row has a value for every block: one whose scenario was settled at an earlier look has not. */
  isWhole(row: TestedRow): boolean {
    return row.location.n === this.blocks;
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
    const index = this.#tested(family, direction).get(row);
    return index === undefined ? 1 : this.#flip(family, direction).pStepDown[index]!;
  }

  /** Whether that p is at most `alpha`: without the whole joint test where a few flips rule it out. */
  isClear(row: TestedRow, direction: Direction, alpha: number): boolean {
    const family = this.familyOf(row);
    const key = `${family} ${direction}`;
    const place = this.#tested(family, direction).get(row);
    if (place === undefined) return false;
    if (!this.#flips.has(key)) {
      const isNeverClear = this.#screens.get(key) ?? this.#screen(family, direction);
      this.#screens.set(key, isNeverClear);
      if (isNeverClear(place, alpha)) return false;
    }
    return this.p(row, direction) <= alpha;
  }

  /**
   * The T that this row needs for an adjusted p of `alpha`. Rows that clearly changed are left out as in a step-down
   * test (Westfall and Young 1993): the flips around their own shift say nothing of how noisy the others are.
   */
  criticalT(row: TestedRow, alpha: number): number {
    const family = this.familyOf(row);
    // Where nothing else could be found, the row would stand alone, and be judged by its own error.
    if (this.#tested(family, "worse").size === 0) {
      return alpha > 0 ? tQuantile(1 - alpha, row.location.degreesOfFreedom) : Infinity;
    }
    const key = `${family} ${alpha}`;
    const criticalT = this.#criticalT.get(key) ?? this.#criticalTOf(family, alpha);
    this.#criticalT.set(key, criticalT);
    return criticalT;
  }

  #criticalTOf(family: Family, alpha: number): number {
    const tested = [...this.#tested(family, "worse").keys()];
    const still = [...tested.keys()].filter((place) => {
      const row = tested[place]!;
      return !this.isClear(row, "worse", alpha) && !this.isClear(row, "better", alpha);
    });
    return this.#flip(family, "worse").criticalT(alpha, still.length === 0 ? undefined : still);
  }

  /**
   * Rows in which something could be found. Cells without a single error in either arm are none, nor are those that were
   * settled before and not measured any more. Each with its place.
   */
  #tested(family: Family, direction: Direction): ReadonlyMap<TestedRow, number> {
    const key = `${family} ${direction}`;
    let tested = this.#testedRows.get(key);
    if (tested === undefined) {
      const rows = this.members(family).filter(
        (row) => this.isWhole(row) && !row.silent && !isClearlyWithin(row, direction),
      );
      tested = new Map(rows.map((row, place) => [row, place]));
      this.#testedRows.set(key, tested);
    }
    return tested;
  }

  #flip(family: Family, direction: Direction): JointSignFlip {
    const key = `${family} ${direction}`;
    let flip = this.#flips.get(key);
    if (flip === undefined) {
      flip = jointSignFlip(this.#flippedRows(family, direction), this.#signs());
      this.#flips.set(key, flip);
    }
    return flip;
  }

  #screen(family: Family, direction: Direction): Screen {
    return signFlipScreen(this.#flippedRows(family, direction), () => this.#signs());
  }

  /** What is flipped of the tested rows: how much they are worse, or better, than the negligible. */
  #flippedRows(family: Family, direction: Direction): FamilyRow[] {
    const sign = direction === "worse" ? 1 : -1;
    return [...this.#tested(family, direction).keys()].map(({ differences, negligible, trim }) => {
      const values = differences.map((difference) => sign * difference - negligible);
      return { values, trim: this.blocks < TRIMMED_FLIPS_FROM || areAlike(values) ? 0 : trim };
    });
  }

  /** The same signs for every family and direction: swapping the arms mirrors the result exactly. */
  #signs(): Random {
    return seededRandom(this.#observations.seed, `flips at ${this.blocks}`);
  }
}

function isClearlyWithin({ location, negligible }: TestedRow, direction: Direction): boolean {
  const { mean, standardError, degreesOfFreedom } = location;
  const worsening = direction === "worse" ? mean : -mean;
  return (worsening - negligible) / standardError < tQuantile(CLEARLY_WITHIN, degreesOfFreedom);
}

/**
 * Whether all values have the same size, such as those of a response that grew by the same in every block. Nothing is to
 * be trimmed there, and every flip that trimming undoes would look as clear as the observed one. No flip changes the
 * sizes, so choosing by them keeps the error rate.
 */
function areAlike(values: Float64Array): boolean {
  const size = Math.abs(values[0] ?? 0);
  return values.every((value) => Math.abs(Math.abs(value) - size) <= ALIKE * size);
}

/** Sizes that are equal on paper: their logarithms may be rounded differently. */
const ALIKE = 1e-9;
