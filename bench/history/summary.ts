export function seedsOf(runs: number): readonly number[] {
  return Array.from({ length: runs }, (_, index) => index + 1);
}

/** `[true, false]` -> "50.0 %" */
export function share(values: readonly boolean[]): string {
  return `${((100 * values.filter(Boolean).length) / values.length).toFixed(1)} %`;
}
