import { open, type FileHandle } from "node:fs/promises";

/** What an object file in the ELF format tells of itself. Source: elf(5). */
export interface ObjectFile {
  /** Made by Go, whose own table tells lines. */
  readonly isGo: boolean;
  /** Whether its functions have names. */
  readonly hasSymbols: boolean;
  /** Whether it tells lines and what the compiler put into other functions (DWARF). */
  readonly hasLines: boolean;
  /** The address at which the code at this place of the file is linked; `null`: no code stands there. */
  addressOf(offset: number): number | null;
}

/** 64 bits, little-endian: x86-64, arm64 and RISC-V. */
const MAGIC = Buffer.from([0x7f, 0x45, 0x4c, 0x46, 2, 1]);
const HEADER_BYTES = 64;
const LOADED = 1;
const MOST_ENTRIES = 4096;
const MOST_NAME_BYTES = 1024 * 1024;

/** @returns `null` where there is no such file, or it is of another format */
export async function readObjectFile(path: string): Promise<ObjectFile | null> {
  const file = await open(path).catch(() => null);
  if (file === null) return null;
  try {
    return await readHeaders(file);
  } catch {
    return null;
  } finally {
    await file.close();
  }
}

async function readHeaders(file: FileHandle): Promise<ObjectFile | null> {
  const header = await read(file, 0, HEADER_BYTES);
  if (!header.subarray(0, MAGIC.length).equals(MAGIC)) return null;
  const number = (of: Buffer, at: number): number => Number(of.readBigUInt64LE(at));
  const table = async (offsetAt: number, sizeAt: number): Promise<Buffer[]> => {
    const [size, count] = [header.readUInt16LE(sizeAt), header.readUInt16LE(sizeAt + 2)];
    if (count > MOST_ENTRIES) throw new Error("too many entries");
    const bytes = await read(file, number(header, offsetAt), size * count);
    return Array.from({ length: count }, (_, at) => bytes.subarray(at * size, (at + 1) * size));
  };
  const segments = (await table(0x20, 0x36))
    .filter((segment) => segment.readUInt32LE(0) === LOADED)
    .map((segment) => ({
      offset: number(segment, 8),
      address: number(segment, 16),
      bytes: number(segment, 32),
    }));
  const sections = await table(0x28, 0x3a);
  const namesSection = sections[header.readUInt16LE(0x3e)];
  const names =
    namesSection === undefined
      ? ""
      : (
          await read(file, number(namesSection, 24), Math.min(MOST_NAME_BYTES, number(namesSection, 32)))
        ).toString("latin1");
  // A name may be the end of a longer one, as ".data.rel.ro.gopclntab".
  const has = (name: string): boolean => names.includes(`${name}\0`);
  return {
    isGo: has(".gopclntab"),
    hasSymbols: has(".symtab"),
    hasLines: has(".debug_line"),
    addressOf(offset) {
      const segment = segments.find((one) => offset >= one.offset && offset < one.offset + one.bytes);
      return segment === undefined ? null : offset - segment.offset + segment.address;
    },
  };
}

async function read(file: FileHandle, position: number, length: number): Promise<Buffer> {
  const { buffer, bytesRead } = await file.read(Buffer.alloc(length), 0, length, position);
  if (bytesRead < length) throw new Error("the file is cut short");
  return buffer;
}
