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

/** Why a place cannot be written to, by the system's code; the sentence begins with "it". */
const OBSTACLES: Readonly<Record<string, string>> = {
  EACCES: "this user may not write there",
  EPERM: "this user may not write there",
  EROFS: "it lies on a file system that is mounted for reading only",
  ENOTDIR: "a file stands where a folder is needed",
  EEXIST: "a file, or a link that leads nowhere, stands where a folder is needed",
  EISDIR: "a folder stands where a file is needed",
  ENOENT: "a link on the way leads nowhere, or a folder on the way is gone",
  ELOOP: "a link stands there",
  ENXIO: "a pipe or a socket stands there",
  ENAMETOOLONG: "its name is too long",
};

/**
 * What stood in the way of writing at `path`: an error that says so where it is the user's to mend, such as want of
 * room, else the error as it is.
 */
export function writeError(error: unknown, path: string): unknown {
  if (error instanceof TailgateError) return error;
  if (isDiskFull(error)) return diskFull(path, error);
  const { code } = Object(error) as { readonly code?: unknown };
  const obstacle = typeof code === "string" ? OBSTACLES[code] : undefined;
  return obstacle === undefined ? error : unwritable(path, obstacle, error);
}

function unwritable(path: string, obstacle: string, cause: unknown): TailgateError {
  return new TailgateError(
    "config",
    `${path} cannot be written: ${obstacle}`,
    "Results go where --out says, everything else to RUNNER_TEMP, else TMPDIR: name folders that this user may write to.",
    { cause },
  );
}

/** Does something that writes at `path`, and says what stands in the way. */
export async function writingAt<T>(path: string, write: () => Promise<T>): Promise<T> {
  try {
    return await write();
  } catch (error) {
    throw writeError(error, path);
  }
}
