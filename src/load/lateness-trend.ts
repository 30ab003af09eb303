/** Tells falling behind, which makes a rate too low, from being late, which does not. */
export class LatenessTrend {
  readonly #middle: number;
  readonly #halves = [
    { sumUs: 0, count: 0 },
    { sumUs: 0, count: 0 },
  ] as const;

  /** `middle`: requests from this index on are the second half. */
  constructor(middle: number) {
    this.#middle = middle;
  }

  add(index: number, lateUs: number): void {
    const half = this.#halves[index < this.#middle ? 0 : 1];
    half.sumUs += lateUs;
    half.count++;
  }

  /** By how much the lateness grew from start to end: twice the difference of the halves' means; 0 where one is empty. */
  get growthUs(): number {
    const [first, second] = this.#halves;
    if (first.count === 0 || second.count === 0) return 0;
    return 2 * (second.sumUs / second.count - first.sumUs / first.count);
  }
}
