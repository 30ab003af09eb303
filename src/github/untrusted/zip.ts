import { crc32, inflateRawSync } from "node:zlib";
import { TailgateError } from "../../error.js";

/** A file inside an archive, as its directory describes it. Nothing of it has been read yet. */
interface Entry {
  readonly name: string;
  readonly deflated: boolean;
  readonly crc: number;
  readonly compressedBytes: number;
  readonly bytes: number;
  readonly localOffset: number;
}

const MOST_ENTRIES = 2_000;
const END_SIGNATURE = 0x06054b50;
const DIRECTORY_SIGNATURE = 0x02014b50;
const LOCAL_SIGNATURE = 0x04034b50;
const END_BYTES = 22;
const LONGEST_COMMENT = 0xffff;
const ENCRYPTED = 1;
const FILE_TYPE_MASK = 0o170000;
const SYMBOLIC_LINK = 0o120000;

/**
 * One file out of a zip archive that a stranger may have made. Nothing is written anywhere, no other entry is
 * unpacked, and no more than `mostBytes` is ever held, whatever the archive says of its sizes: a deflate stream is
 * stopped there. Strict: what no packer of artifacts writes is refused rather than guessed at.
 *
 * Format: https://pkware.cachefly.net/webdocs/casestudies/APPNOTE.TXT, 4.3.7 to 4.3.16.
 *
 * @throws TailgateError "artifact"
 */
export function readZipEntry(archive: Buffer, name: string, mostBytes: number): Buffer {
  try {
    const entries = readDirectory(archive);
    for (const entry of entries) checkName(entry.name);
    const found = entries.filter((entry) => entry.name === name);
    if (found.length === 0) throw refuse(`it holds no ${name}`);
    if (new Set(entries.map((entry) => entry.name)).size < entries.length)
      throw refuse("it names a file twice");
    return unpack(archive, found[0]!, mostBytes);
  } catch (error) {
    if (error instanceof TailgateError) throw error;
    // Reading past the end of the archive.
    if (error instanceof RangeError) throw refuse("it is cut off or damaged", error);
    throw error;
  }
}

function readDirectory(archive: Buffer): Entry[] {
  const end = findEnd(archive);
  const count = archive.readUInt16LE(end + 10);
  if (count > MOST_ENTRIES) throw refuse(`it has ${count} entries`);
  let at = archive.readUInt32LE(end + 16);
  const entries: Entry[] = [];
  for (let i = 0; i < count; i++) {
    if (archive.readUInt32LE(at) !== DIRECTORY_SIGNATURE) throw refuse("its directory is damaged");
    const flags = archive.readUInt16LE(at + 8);
    const method = archive.readUInt16LE(at + 10);
    const nameBytes = archive.readUInt16LE(at + 28);
    const mode = archive.readUInt32LE(at + 38) >>> 16;
    if ((flags & ENCRYPTED) !== 0) throw refuse("it is encrypted");
    if (method !== 0 && method !== 8) throw refuse("it uses an unknown way to compress");
    if ((mode & FILE_TYPE_MASK) === SYMBOLIC_LINK) throw refuse("it holds a symbolic link");
    entries.push({
      name: archive.toString("utf8", at + 46, at + 46 + nameBytes),
      deflated: method === 8,
      crc: archive.readUInt32LE(at + 16),
      compressedBytes: archive.readUInt32LE(at + 20),
      bytes: archive.readUInt32LE(at + 24),
      localOffset: archive.readUInt32LE(at + 42),
    });
    at += 46 + nameBytes + archive.readUInt16LE(at + 30) + archive.readUInt16LE(at + 32);
  }
  return entries;
}

/** The end record is the last thing in the file but for a comment. */
function findEnd(archive: Buffer): number {
  const first = Math.max(0, archive.length - END_BYTES - LONGEST_COMMENT);
  for (let at = archive.length - END_BYTES; at >= first; at--) {
    if (archive.readUInt32LE(at) === END_SIGNATURE) return at;
  }
  throw refuse("it is not a zip archive, or is cut off");
}

function checkName(name: string): void {
  const parts = name.split("/");
  if (name.startsWith("/") || /^[A-Za-z]:/.test(name) || name.includes("\\") || name.includes("\0")) {
    throw refuse("it holds a path that is not below its own folder");
  }
  if (parts.includes("..") || parts.includes(".")) throw refuse("it holds a path that leaves its own folder");
}

function unpack(archive: Buffer, entry: Entry, mostBytes: number): Buffer {
  if (entry.bytes > mostBytes)
    throw refuse(`${entry.name} has ${entry.bytes} bytes, and at most ${mostBytes} are read`);
  if (archive.readUInt32LE(entry.localOffset) !== LOCAL_SIGNATURE) throw refuse("it is damaged");
  const nameBytes = archive.readUInt16LE(entry.localOffset + 26);
  const extraBytes = archive.readUInt16LE(entry.localOffset + 28);
  const start = entry.localOffset + 30 + nameBytes + extraBytes;
  if (start + entry.compressedBytes > archive.length) throw refuse("it is cut off");
  const packed = archive.subarray(start, start + entry.compressedBytes);
  const content = entry.deflated ? inflate(packed, entry.bytes) : packed;
  if (content.length !== entry.bytes) throw refuse("it lies about a size");
  if (crc32(content) !== entry.crc) throw refuse("a checksum does not match");
  return content;
}

function inflate(packed: Buffer, bytes: number): Buffer {
  try {
    return inflateRawSync(packed, { maxOutputLength: Math.max(1, bytes) });
  } catch (cause) {
    const lies = cause instanceof RangeError && "code" in cause && cause.code === "ERR_BUFFER_TOO_LARGE";
    throw refuse(lies ? "it lies about a size" : "it is damaged", cause);
  }
}

function refuse(why: string, cause?: unknown): TailgateError {
  return new TailgateError(
    "artifact",
    `The artifact is refused: ${why}.`,
    "Let `mode: measure` of the same version store it, and change nothing in it.",
    { cause },
  );
}
