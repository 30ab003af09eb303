import { UnsendableRequest } from "../driver.js";
import { Exchange, type Opening } from "./exchange.js";
import type { RequestSequence } from "./request-sequence.js";

/** What the samples of a phase are made of. */
interface SampleContents<Message> {
  readonly sequences: readonly RequestSequence<Message>[];
  /** For each request of the phase the index of its sequence; `null` where there is one only. */
  readonly parts: Uint8Array | null;
  /** Number of the phase's first request. */
  readonly first: number;
}

/**
 * The samples of a phase by their index. The next one is written ahead, so that a request that differs from the one
 * before leaves at its time.
 */
export class SampleSource<Message> {
  readonly #contents: SampleContents<Message>;
  #ahead: ({ readonly index: number } & Opening<Message>) | null = null;

  constructor(contents: SampleContents<Message>) {
    this.#contents = contents;
  }

  open(index: number): Exchange<Message> {
    const ahead = this.#ahead?.index === index ? this.#ahead : this.#opening(index, false);
    return new Exchange(this.#sequenceOf(index), ahead);
  }

  /** Call it when there is time: right after a request was sent. */
  writeAhead(index: number): void {
    this.#ahead = this.#sequenceOf(index).varies ? { index, ...this.#opening(index, true) } : null;
  }

  #sequenceOf(index: number): RequestSequence<Message> {
    const { sequences, parts } = this.#contents;
    return sequences[parts?.[index] ?? 0]!;
  }

  #opening(index: number, write: boolean): Opening<Message> {
    const sequence = this.#sequenceOf(index);
    const values = sequence.valuesOf(this.#contents.first + index);
    if (!write) return { values, request: null };
    try {
      return { values, request: sequence.prepare(0, { values, cookies: null, redirect: null }) };
    } catch (error) {
      // Its turn will come, and it will fail then.
      if (error instanceof UnsendableRequest) return { values, request: null };
      throw error;
    }
  }
}
