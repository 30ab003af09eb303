import type { OutgoingRequest, Response } from "../driver.js";
import { contentCodings } from "./content-encoding.js";

const MIB = 1024 * 1024;

/** A response longer than this is cut off and counts as a wrong body: memory and time stay bounded. */
export const BODY_LIMIT_BYTES = 64 * MIB;
/** Bodies that values are captured from, and compressed ones that are searched, are kept whole, so they must be shorter. */
export const KEPT_BODY_LIMIT_BYTES = 4 * MIB;

/** Bytes that are no well-formed response to the request. */
export class MalformedResponse extends Error {}

const PLAIN: readonly string[] = [];

/**
 * Takes one response after the other as its pieces come, for any protocol: counts the body, keeps it only where it was
 * asked for, and looks for the needle as it passes.
 */
export class ResponseReader {
  #request: OutgoingRequest | null = null;
  #status = 0;
  #headers: readonly string[] | null = null;
  #codings = PLAIN;
  #bodyBytes = 0;
  #kept: Buffer[] = [];
  #tail: Buffer | null = null;
  #found = false;

  /** A response to this request is to come. */
  expect(request: OutgoingRequest): void {
    this.#request = request;
  }

  /** Whether a request waits for its response. */
  get waits(): boolean {
    return this.#request !== null;
  }

  /** Whether a response has begun and is not complete. */
  get begun(): boolean {
    return this.#headers !== null;
  }

  /** `headers`: names and values in turn. */
  begin(status: number, headers: readonly string[]): void {
    this.#status = status;
    this.#headers = headers;
    const { needle, keepBody } = this.#request!;
    if (needle !== null || keepBody) this.#codings = contentCodings(headers);
  }

  /** @throws MalformedResponse when it is longer than what may be read or kept */
  addBody(data: Buffer): void {
    this.#bodyBytes += data.length;
    if (this.#bodyBytes > BODY_LIMIT_BYTES) {
      throw new MalformedResponse(`it is longer than ${BODY_LIMIT_BYTES / MIB} MiB`);
    }
    const { needle, keepBody } = this.#request!;
    const compressed = this.#codings.length > 0;
    if (keepBody || compressed) {
      if (this.#bodyBytes > KEPT_BODY_LIMIT_BYTES) {
        const limit = `${KEPT_BODY_LIMIT_BYTES / MIB} MiB`;
        throw new MalformedResponse(`it is longer than the ${limit} that can be kept to be looked into`);
      }
      this.#kept.push(data);
    }
    if (needle !== null && !compressed && !this.#found) {
      // The needle may lie across chunks: the last bytes are carried over.
      const window = this.#tail === null ? data : Buffer.concat([this.#tail, data]);
      this.#found = window.includes(needle);
      this.#tail = Buffer.from(window.subarray(Math.max(0, window.length - needle.length + 1)));
    }
  }

  /** The response is complete; the next one can be expected. */
  complete(reusable: boolean): Response {
    const { needle, keepBody } = this.#request!;
    const keep = keepBody || this.#codings.length > 0;
    const response: Response = {
      status: this.#status,
      statusText: null,
      headers: this.#headers!,
      bodyBytes: this.#bodyBytes,
      found: this.#found || needle === null,
      body: keep ? Buffer.concat(this.#kept) : null,
      codings: this.#codings,
      reusable,
    };
    this.#request = null;
    this.#headers = null;
    this.#codings = PLAIN;
    this.#bodyBytes = 0;
    if (keep) this.#kept = [];
    this.#tail = null;
    this.#found = false;
    return response;
  }
}
