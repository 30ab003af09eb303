import { shortened, visible } from "../../text/escape.js";
import { addReasons } from "../../metrics/failure-reasons.js";
import type { FailureReason } from "../../metrics/measurement.js";
import { OUTCOMES } from "./samples.js";

/** So many reasons are told apart: a code fits a byte. */
const MOST = 254;
const CODES = 256;
const NO_REASON = 0;
const OTHERS = "other reasons";
const LONGEST = 120;

/** Why requests failed: a code for each request, and a text for each code. */
export class FailureReasons {
  readonly #codes: Uint8Array;
  readonly #texts: string[] = [""];
  readonly #known = new Map<string, number>();

  constructor(requests: number) {
    this.#codes = new Uint8Array(requests);
  }

  set(index: number, reason: string | null): void {
    this.#codes[index] = reason === null ? NO_REASON : this.#codeOf(reason);
  }

  /** A reason may hold text of the service, so only what is visible of it is kept. */
  #codeOf(reason: string): number {
    const known = this.#known.get(reason);
    if (known !== undefined) return known;
    if (this.#known.size >= MOST) return MOST + 1;
    const code = this.#texts.push(shortened(visible(reason), LONGEST)) - 1;
    this.#known.set(reason, code);
    return code;
  }

  /**
   * How often each occurs in the first requests, `outcomes` being theirs; the most frequent first.
   *
   * @param isCounted - by the index of a request; left out: all are
   */
  tally(outcomes: Uint8Array, isCounted?: (index: number) => boolean): FailureReason[] {
    const counts = new Map<number, number>();
    for (let i = 0; i < outcomes.length; i++) {
      const code = this.#codes[i]!;
      if (code === NO_REASON || isCounted?.(i) === false) continue;
      const key = outcomes[i]! * CODES + code;
      counts.set(key, (counts.get(key) ?? 0) + 1);
    }
    const reasons = Array.from(counts, ([key, count]): FailureReason[] => {
      const outcome = OUTCOMES[Math.floor(key / CODES)];
      if (outcome === undefined || outcome === "ok") return [];
      return [{ outcome, reason: this.#texts[key % CODES] ?? OTHERS, count }];
    });
    // Texts that differed only in what cannot be seen are one.
    return addReasons(reasons.flat());
  }
}
