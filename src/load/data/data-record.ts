/** One record of a data file, and the line that it ends on. */
export interface DataRecord {
  readonly values: readonly string[];
  readonly line: number;
}

/** Something in a data file that cannot be used, and on which line. */
export class BadRecord extends Error {
  constructor(
    readonly line: number,
    what: string,
  ) {
    super(what);
  }
}
