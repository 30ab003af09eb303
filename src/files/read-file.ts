import { closeSync, constants, fstatSync, openSync, readSync } from "node:fs";

/** What became of reading a file that somebody else may have put there. */
export type FileRead =
  | { readonly kind: "read"; readonly bytes: Buffer }
  | { readonly kind: "absent" }
  /** `why` follows "it": "is no file", "holds more than 4096 bytes". */
  | { readonly kind: "refused"; readonly why: string };

export interface ReadOptions {
  readonly mostBytes: number;
  /** Whether a symbolic link is followed, and another user's file read: not in a folder that others may write to. */
  readonly shared: boolean;
}

/**
 * Reads a regular file, and never waits: a named pipe would hold whoever opens it until somebody writes, and a file
 * without an end would take all memory.
 */
export function readFileBounded(path: string, { mostBytes, shared }: ReadOptions): FileRead {
  const { O_RDONLY, O_NONBLOCK, O_NOFOLLOW } = constants;
  let descriptor: number;
  try {
    descriptor = openSync(path, O_RDONLY | O_NONBLOCK | (shared ? O_NOFOLLOW : 0));
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    if (code === "ENOENT" || code === "ENOTDIR") return { kind: "absent" };
    return refused(code === "ELOOP" ? "is a link" : `cannot be opened: ${message}`);
  }
  try {
    const stats = fstatSync(descriptor);
    if (!stats.isFile()) return refused("is no file");
    if (shared && process.getuid !== undefined && stats.uid !== process.getuid())
      return refused("belongs to another user");
    if (stats.size > mostBytes) return refused(`holds more than ${mostBytes} bytes`);
    return { kind: "read", bytes: bytesOf(descriptor, stats.size) };
  } finally {
    closeSync(descriptor);
  }
}

function bytesOf(descriptor: number, size: number): Buffer {
  const bytes = Buffer.alloc(size);
  let length = 0;
  while (length < size) {
    const read = readSync(descriptor, bytes, length, size - length, length);
    if (read === 0) break;
    length += read;
  }
  return bytes.subarray(0, length);
}

function refused(why: string): FileRead {
  return { kind: "refused", why };
}
