interface Half {
  sumUs: number;
  count: number;
}

/** Distinguishes falling behind, which lowers the rate, from being equally late, which does not. */
export class LatenessTrend {
  readonly #middle: number;
  readonly #first: Half = { sumUs: 0, count: 0 };
  readonly #second: Half = { sumUs: 0, count: 0 };

  /** `middle`: requests from this index on are the second half. */
  constructor(middle: number) {
    this.#middle = middle;
  }

  add(index: number, lateUs: number): void {
    const half = index < this.#middle ? this.#first : this.#second;
    half.sumUs += lateUs;
    half.count++;
  }

  /** By how much the lateness grew from start to end: twice the difference of the halves' means; 0 where one is empty. */
  get growthUs(): number {
    if (this.#first.count === 0 || this.#second.count === 0) return 0;
    return 2 * (this.#second.sumUs / this.#second.count - this.#first.sumUs / this.#first.count);
  }
}
