import { brotliDecompressSync, gunzipSync, inflateRawSync, inflateSync } from "node:zlib";

/** A body that decompresses to more than this is not looked into: a few bytes can stand for gigabytes. */
export const DECOMPRESSED_LIMIT_BYTES = 16 * 1024 * 1024;

const BOUND = { maxOutputLength: DECOMPRESSED_LIMIT_BYTES };

/** What a body was compressed with, in the order in which it was done (RFC 9110, section 8.4); empty for a plain one. */
export function contentCodings(headers: readonly string[]): readonly string[] {
  const codings: string[] = [];
  for (let i = 0; i + 1 < headers.length; i += 2) {
    if (headers[i]!.toLowerCase() !== "content-encoding") continue;
    for (const part of headers[i + 1]!.split(",")) {
      const coding = part.trim().toLowerCase();
      if (coding !== "" && coding !== "identity") codings.push(coding);
    }
  }
  return codings;
}

/** Undoes `codings`. `null` where the bytes are not what the codings say, the text is too long, or a coding is not known. */
export function decompress(compressed: Buffer, codings: readonly string[]): Buffer | null {
  // Each is a pass over the body: no service compresses more than twice.
  if (codings.length > 2) return null;
  try {
    return codings.reduceRight<Buffer | null>((body, coding) => body && undo(body, coding), compressed);
  } catch {
    return null;
  }
}

function undo(compressed: Buffer, coding: string): Buffer | null {
  switch (coding) {
    case "gzip":
    case "x-gzip":
      return gunzipSync(compressed, BOUND);
    case "deflate":
      // Some send the bare stream without zlib's header, whose low half byte is 8.
      return (compressed[0]! & 15) === 8 ? inflateSync(compressed, BOUND) : inflateRawSync(compressed, BOUND);
    case "br":
      return brotliDecompressSync(compressed, BOUND);
    default:
      return null;
  }
}
