import { constants, deflateRawSync } from "node:zlib";
import { strToU8, zipSync, type Zippable } from "fflate";
import { describe, expect, test } from "vitest";
import { readZipEntry } from "../../../src/github/untrusted/zip.js";

const RESULT = "result.json";
const MOST = 1_000_000;

function zip(files: Zippable): Buffer {
  return Buffer.from(zipSync(files));
}

function read(archive: Buffer): string {
  return readZipEntry(archive, RESULT, MOST).toString("utf8");
}

/** Offset of the n-th directory entry. */
function directory(archive: Buffer, n = 0): number {
  let at = archive.indexOf(Buffer.from("PK\x01\x02", "latin1"));
  for (let i = 0; i < n; i++) at = archive.indexOf(Buffer.from("PK\x01\x02", "latin1"), at + 4);
  return at;
}

test("a compressed and a stored entry are both read", () => {
  expect(read(zip({ [RESULT]: strToU8("{}".repeat(5000)) }))).toBe("{}".repeat(5000));
  expect(read(zip({ [RESULT]: [strToU8("{}"), { level: 0 }] }))).toBe("{}");
});

test("extra entries are left alone, whatever they would unpack to", () => {
  const archive = zip({
    "extra.bin": new Uint8Array(5_000_000),
    [RESULT]: strToU8("{}"),
    "logs/a": strToU8("x"),
  });
  expect(read(archive)).toBe("{}");
});

test("an archive with a comment after its end is read", () => {
  const archive = zip({ [RESULT]: strToU8("{}") });
  archive.writeUInt16LE(5, archive.length - 2);
  expect(read(Buffer.concat([archive, Buffer.from("hello")]))).toBe("{}");
});

describe("refused in words", () => {
  const good = zip({ [RESULT]: strToU8("{}".repeat(100)), other: strToU8("x") });
  const changed = (change: (archive: Buffer) => void): Buffer => {
    const copy = Buffer.from(good);
    change(copy);
    return copy;
  };

  test.each<[string, Buffer, RegExp]>([
    [
      "a path out of its folder",
      zip({ [RESULT]: strToU8("{}"), "../../x": strToU8("x") }),
      /leaves its own folder/,
    ],
    ["a dot in a path", zip({ [RESULT]: strToU8("{}"), "./x": strToU8("x") }), /leaves its own folder/],
    [
      "an absolute path",
      zip({ [RESULT]: strToU8("{}"), "/etc/passwd": strToU8("x") }),
      /not below its own folder/,
    ],
    ["a drive letter", zip({ [RESULT]: strToU8("{}"), "C:/x": strToU8("x") }), /not below its own folder/],
    ["a backslash", zip({ [RESULT]: strToU8("{}"), "..\\x": strToU8("x") }), /not below its own folder/],
    [
      "a symbolic link",
      zip({ [RESULT]: [strToU8("/etc/passwd"), { os: 3, attrs: 0o120777 << 16 }] }),
      /symbolic link/,
    ],
    [
      "another symbolic link beside it",
      zip({ [RESULT]: strToU8("{}"), l: [strToU8("/"), { os: 3, attrs: 0o120777 << 16 }] }),
      /symbolic link/,
    ],
    ["no result", zip({ "other.json": strToU8("{}") }), /holds no result\.json/],
    ["a result in a folder only", zip({ "a/result.json": strToU8("{}") }), /holds no result\.json/],
    ["a result that is too large", zip({ [RESULT]: new Uint8Array(MOST + 1) }), /has 1000001 bytes/],
    [
      "too many entries",
      zip(Object.fromEntries(Array.from({ length: 2001 }, (_, i) => [`f${i}`, new Uint8Array()]))),
      /2001 entries/,
    ],
    ["something else than a zip", Buffer.from("<html>".repeat(100)), /not a zip archive/],
    ["nothing", Buffer.alloc(0), /not a zip archive/],
    ["its first half", good.subarray(0, good.length / 2), /cut off/],
    [
      "a directory beyond its end",
      changed((z) => z.writeUInt32LE(0x7fffffff, z.length - 22 + 16)),
      /cut off or damaged/,
    ],
    ["more entries than there are", changed((z) => z.writeUInt16LE(9, z.length - 22 + 10)), /damaged/],
    [
      "an entry beyond its end",
      changed((z) => z.writeUInt32LE(0x7fffffff, directory(z) + 42)),
      /cut off or damaged/,
    ],
    [
      "a size that is a lie, too small",
      changed((z) => z.writeUInt32LE(10, directory(z) + 24)),
      /lies about a size/,
    ],
    [
      "a size that is a lie, too large",
      changed((z) => z.writeUInt32LE(300, directory(z) + 24)),
      /lies about a size/,
    ],
    ["a wrong checksum", changed((z) => z.writeUInt32LE(1, directory(z) + 16)), /checksum/],
    ["an encrypted entry", changed((z) => z.writeUInt16LE(1, directory(z) + 8)), /encrypted/],
    ["an unknown compression", changed((z) => z.writeUInt16LE(12, directory(z) + 10)), /unknown way/],
    ["a damaged stream", changed((z) => z.fill(0xff, 45, 50)), /damaged|lies/],
  ])("an archive is refused in words: %s", (_what, archive, words) => {
    let refusal: unknown;
    try {
      read(archive);
    } catch (error) {
      refusal = error;
    }
    expect(refusal).toMatchObject({ code: "artifact", message: expect.stringMatching(words) as string });
  });

  test("an archive that names a file twice is refused", () => {
    const archive = zip({ [RESULT]: strToU8("{}"), "result.jsox": strToU8('{"a":1}') });
    archive.write("n", directory(archive, 1) + 46 + "result.jso".length);
    expect(() => read(archive)).toThrow(/names a file twice/);
  });
});

test("a bomb that claims to be small is stopped at its claim", () => {
  // A megabyte of zeros as a deflate block of about a kilobyte, 400 times.
  const block = deflateRawSync(Buffer.alloc(1_000_000), { finishFlush: constants.Z_SYNC_FLUSH });
  const stream = Buffer.concat([
    ...Array.from({ length: 400 }, () => block),
    deflateRawSync(Buffer.alloc(0)),
  ]);
  const archive = zip({ [RESULT]: [stream, { level: 0 }] });
  archive.writeUInt16LE(8, directory(archive) + 10);
  archive.writeUInt32LE(1000, directory(archive) + 24);
  const before = process.resourceUsage().maxRSS;
  expect(() => read(archive)).toThrow(/lies about a size/);
  expect(process.resourceUsage().maxRSS - before).toBeLessThan(100_000);
});
