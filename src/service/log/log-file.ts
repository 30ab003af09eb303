import { closeSync, constants, fstatSync, ftruncateSync, openSync, readSync, writeSync } from "node:fs";

import { isDiskFull, writeError } from "../../error.js";
import { printable } from "./printable.js";
import { redact, redactPiece } from "./redact.js";

/** A file larger than this is cut back; its beginning and its end are kept. */
const LARGEST_BYTES = 8 * 1024 * 1024;
const KEPT_BYTES = 64 * 1024;

/** After a cut, the command's next write lands at the new end. */
const APPENDING =
  constants.O_RDWR | constants.O_APPEND | constants.O_CREAT | constants.O_NOFOLLOW | constants.O_NONBLOCK;

/**
 * Output of a command, written by the command itself: it costs us nothing while it is measured, and a reader that lags
 * never blocks it. `trim`, called now and then, keeps the file bounded.
 */
export class LogFile {
  readonly #descriptor: number;
  #beginning: Buffer | null = null;
  #lastCut: Buffer = Buffer.alloc(0);
  #leftOutBytes = 0;
  #closed = false;
  /** Where this command's output begins: others before it may have written into the same file. */
  #start: number;

  /** @throws TailgateError `disk` when there is no room for another file, "config" where something else stands there */
  constructor(
    readonly path: string,
    private readonly largestBytes = LARGEST_BYTES,
    private readonly keptBytes = KEPT_BYTES,
  ) {
    this.#descriptor = openLog(path);
    this.#start = fstatSync(this.#descriptor).size;
  }

  /** To hand to a command as its output. */
  get descriptor(): number {
    return this.#descriptor;
  }

  /** Cuts the file back if it has grown too large. */
  trim(): void {
    if (this.#closed) return;
    const size = fstatSync(this.#descriptor).size;
    if (size <= this.largestBytes) return;
    this.#beginning ??= this.#read(0, this.keptBytes);
    this.#lastCut = this.#read(size - this.keptBytes, this.keptBytes);
    this.#leftOutBytes += size;
    ftruncateSync(this.#descriptor, 0);
    this.#start = 0;
  }

  /**
   * The last lines, fit to be printed; enough for an error with a stack and everything that a driver hangs on it.
   *
   * @param secrets - to mask in them; once it is closed, those given then are
   */
  tail(lines = 40, secrets: readonly string[] = []): string {
    if (this.#closed) return this.#closedTail(lines);
    const size = fstatSync(this.#descriptor).size;
    const from = Math.max(this.#start, size - this.keptBytes);
    const end = this.#read(from, this.keptBytes);
    const bytes = Buffer.concat([end.length < this.keptBytes ? this.#lastCut : Buffer.alloc(0), end]);
    return lastLines(
      redactPiece(bytes.toString("utf8"), secrets, {
        start: from > this.#start || this.#lastCut.length > 0,
        end: true,
      }),
      lines,
      secrets,
    );
  }

  /**
   * Closes the log and leaves a bounded file: its beginning, a line that says how much was left out, its end. On a full
   * disk it leaves as much of that as has room.
   *
   * @param secrets - to mask: they must not stay on the disk
   */
  close(secrets: readonly string[] = []): void {
    if (this.#closed) return;
    this.trim();
    this.#end = this.tail(200, secrets);
    if (this.#beginning !== null) {
      const rest = this.#read(0, this.largestBytes);
      ftruncateSync(this.#descriptor, 0);
      const gap = `\n[... ${this.#leftOutBytes} bytes of output in all; the middle is left out ...]\n`;
      const beginning = redactPiece(this.#beginning.toString("utf8"), secrets, { start: false, end: true });
      const after = Buffer.concat([this.#lastCut, rest]).toString("utf8");
      const ending = redactPiece(after, secrets, { start: true, end: false });
      this.#write(Buffer.from(`${beginning}${gap}${ending}`));
    }
    this.#rewrite(secrets);
    this.#closed = true;
    closeSync(this.#descriptor);
  }

  #end = "";

  #closedTail(lines: number): string {
    return this.#end.split("\n").slice(-lines).join("\n");
  }

  #rewrite(secrets: readonly string[]): void {
    const size = fstatSync(this.#descriptor).size - this.#start;
    if (size <= 0) return;
    const text = this.#read(this.#start, size).toString("utf8");
    const cleaned = redact(text, secrets);
    if (cleaned === text) return;
    ftruncateSync(this.#descriptor, this.#start);
    this.#write(Buffer.from(cleaned));
  }

  /** A log that is cut short must not keep a service from being stopped. */
  #write(bytes: Buffer): void {
    try {
      writeSync(this.#descriptor, bytes);
    } catch (error) {
      if (!isDiskFull(error)) throw error;
    }
  }

  #read(from: number, length: number): Buffer {
    const buffer = Buffer.alloc(length);
    return buffer.subarray(0, readSync(this.#descriptor, buffer, 0, length, from));
  }
}

/** Whoever runs as this user may have put a link or a pipe there. A device, such as /dev/null, makes nobody wait. */
function openLog(path: string): number {
  try {
    const descriptor = openSync(path, APPENDING, 0o600);
    const found = fstatSync(descriptor);
    if (found.isFile() || found.isCharacterDevice()) return descriptor;
    closeSync(descriptor);
  } catch (error) {
    throw writeError(error, path);
  }
  throw writeError(Object.assign(new Error("not a file"), { code: "ENXIO" }), path);
}

/** Characters that cannot be seen may have parted a secret; without them it is whole. */
function lastLines(text: string, lines: number, secrets: readonly string[]): string {
  return redact(printable(text), secrets).replace(/\n+$/, "").split("\n").slice(-lines).join("\n");
}
