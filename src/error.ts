/** Which part of a run the user has to look at. */
export type TailgateErrorCode = "config" | "revision" | "service" | "load" | "artifact" | "github" | "disk";

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

/** Whether an error says that a disk has no room left, or the user's share of it. */
export function isDiskFull(error: unknown): boolean {
  if (error instanceof TailgateError) return error.code === "disk";
  const { code } = error as { readonly code?: unknown };
  return code === "ENOSPC" || code === "EDQUOT";
}

/** What a user is told when there is no room at `path`. */
export function diskFull(path: string, cause?: unknown): TailgateError {
  return new TailgateError(
    "disk",
    `the disk that holds ${path} is full`,
    "Free space on that disk. If the build or the service filled it, let them write less: checkouts lie in RUNNER_TEMP or TMPDIR.",
    { cause },
  );
}

/** What stood in the way of writing at `path`: for want of room an error that says so, else the error as it is. */
export function writeError(error: unknown, path: string): unknown {
  return isDiskFull(error) && !(error instanceof TailgateError) ? diskFull(path, error) : error;
}

/** Does something that writes at `path`, and says when a full disk stands in the way. */
export async function writingAt<T>(path: string, write: () => Promise<T>): Promise<T> {
  try {
    return await write();
  } catch (error) {
    throw writeError(error, path);
  }
}
