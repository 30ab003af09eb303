/** Which part of a run the user has to look at. */
export type TailgateErrorCode = "config" | "revision" | "service" | "load" | "artifact" | "github";

/**
 * Something the user can mend: what happened (`message`), why (`cause`), and what to do (`hint`).
 * Anything else that is thrown is a bug of ours and shows its stack.
 */
export class TailgateError extends Error {
  override readonly name = "TailgateError";

  constructor(
    readonly code: TailgateErrorCode,
    message: string,
    readonly hint: string,
    options?: { cause?: unknown },
  ) {
    super(message, options);
  }
}
