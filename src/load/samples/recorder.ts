import { OUTCOMES, type ArmSamples, type Outcome } from "../profile.js";

const CODES: Readonly<Record<Outcome, number>> = Object.fromEntries(
  OUTCOMES.map((outcome, code) => [outcome, code]),
) as Record<Outcome, number>;

/** In `outcome` before a request has ended; one that is left at the end is unaccounted for. */
export const NO_OUTCOME = 255;

/** Samples of one target as they come in; times in microseconds of the generator's clock. */
export class Recorder {
  readonly intendedUs: Float64Array;
  readonly sentUs: Float64Array;
  readonly doneUs: Float64Array;
  readonly status: Uint16Array;
  readonly bytes: Float64Array;
  readonly outcome: Uint8Array;
  readonly queued: Uint8Array;
  readonly firstOnConnection: Uint8Array;
  activeUs = 0;
  sendingUs = 0;
  gaveUp: string | null = null;
  /** Value of the active time when it last gave an answer of any kind. */
  heardAtActiveUs = 0;
  timeoutsInARow = 0;

  constructor(requests: number) {
    this.intendedUs = new Float64Array(requests).fill(NaN);
    this.sentUs = new Float64Array(requests).fill(NaN);
    this.doneUs = new Float64Array(requests).fill(NaN);
    this.status = new Uint16Array(requests);
    this.bytes = new Float64Array(requests);
    this.outcome = new Uint8Array(requests).fill(NO_OUTCOME);
    this.queued = new Uint8Array(requests);
    this.firstOnConnection = new Uint8Array(requests);
  }

  end(index: number, outcome: Outcome, doneUs: number, status: number, bytes: number): void {
    this.outcome[index] = CODES[outcome];
    this.doneUs[index] = doneUs;
    this.status[index] = status;
    this.bytes[index] = bytes;
  }

  /** Something wrong showed only after the answer had been taken for complete. */
  revoke(index: number): void {
    this.outcome[index] = CODES.body;
  }

  /** The first `count` samples, times since `startUs`. */
  finish(arm: string, count: number, startUs: number, reconnects: number): ArmSamples {
    const since = (times: Float64Array): Float64Array => {
      const cut = times.subarray(0, count);
      for (let i = 0; i < cut.length; i++) cut[i]! -= startUs;
      return whole(cut, times);
    };
    return {
      arm,
      intendedUs: since(this.intendedUs),
      sentUs: since(this.sentUs),
      doneUs: since(this.doneUs),
      status: whole(this.status.subarray(0, count), this.status),
      bytes: whole(this.bytes.subarray(0, count), this.bytes),
      outcome: whole(this.outcome.subarray(0, count), this.outcome),
      queued: whole(this.queued.subarray(0, count), this.queued),
      firstOnConnection: whole(this.firstOnConnection.subarray(0, count), this.firstOnConnection),
      reconnects,
      activeMs: this.activeUs / 1000,
      sendingMs: this.sendingUs / 1000,
      gaveUp: this.gaveUp,
    };
  }
}

/** A view is copied unless it is all of its array: what goes to the parent has no hidden rest. */
function whole<T extends Float64Array | Uint16Array | Uint8Array>(cut: T, full: T): T {
  return cut.length === full.length ? full : (cut.slice() as T);
}
