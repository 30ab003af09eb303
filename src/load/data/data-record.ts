/** Something in a data file that cannot be used, and where: "line 3". */
export class BadRecord extends Error {
  constructor(
    readonly where: string,
    what: string,
  ) {
    super(what);
  }
}
