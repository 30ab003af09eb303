import type { FailureReason } from "../../metrics/measurement.js";
import { FailureReasons } from "./failure-reasons.js";
import {
  NO_STATUS,
  OUTCOMES,
  type ArmSamples,
  type GaveUp,
  type RequestOutcome,
  type RequestResult,
} from "./samples.js";
import { steadyPart, together, type SteadyLoad } from "./steady-load.js";

const CODES: Readonly<Record<RequestOutcome, number>> = Object.fromEntries(
  OUTCOMES.map((outcome, code) => [outcome, code]),
) as Record<RequestOutcome, number>;

/** The outcome of a request that has not ended. One that is left at the end is not accounted for. */
const NO_OUTCOME = 255;

/** Records what becomes of one target's requests; times in microseconds of the generator's clock. */
export class Recorder {
  readonly requests: number;
  readonly #intendedUs: Float64Array;
  readonly #sentUs: Float64Array;
  readonly #latencyUs: Float64Array;
  readonly #status: Uint16Array;
  readonly #bytes: Float64Array;
  readonly #outcome: Uint8Array;
  readonly #queued: Uint8Array;
  readonly #firstOnConnection: Uint8Array;
  readonly #reasons: FailureReasons;
  /** Requests that have ended. */
  endedCount = 0;
  /** Requests that waited although a connection was idle; must stay 0 (see `GeneratorHealth`). */
  queuedWhileIdle = 0;
  gaveUp: GaveUp | null = null;
  /** The active time at which the target last gave a response of any kind. */
  heardAtActiveUs = 0;
  timeoutsInARow = 0;
  #activeUs = 0;
  #sendingUs = 0;
  /** Where each burst of a closed loop began and ended among the requests. */
  readonly #closedBursts: { readonly first: number; readonly end: number }[] = [];
  #burstStartUs = 0;
  #lastDoneUs = 0;

  constructor(requests: number) {
    this.requests = requests;
    this.#intendedUs = new Float64Array(requests).fill(NaN);
    this.#sentUs = new Float64Array(requests).fill(NaN);
    this.#latencyUs = new Float64Array(requests).fill(NaN);
    this.#status = new Uint16Array(requests).fill(NO_STATUS);
    this.#bytes = new Float64Array(requests);
    this.#outcome = new Uint8Array(requests).fill(NO_OUTCOME);
    this.#queued = new Uint8Array(requests);
    this.#firstOnConnection = new Uint8Array(requests);
    this.#reasons = new FailureReasons(requests);
  }

  /** How long the target was under load in the bursts that have ended, microseconds. */
  get activeUs(): number {
    return this.#activeUs;
  }

  /** The same by `nowUs`, with the burst under way. */
  activeByUs(nowUs: number): number {
    return this.#activeUs + nowUs - this.#burstStartUs;
  }

  beginBurst(startUs: number): void {
    this.#burstStartUs = startUs;
    this.#lastDoneUs = startUs;
  }

  /**
   * @param plannedUs - how long the burst was to last; 0 in a closed loop
   * @param lateByUs - by how much the lateness grew in it; `null` in a closed loop, which has no times to keep
   */
  endBurst(plannedUs: number, lateByUs: number | null): void {
    const activeUs = Math.max(this.#lastDoneUs - this.#burstStartUs, plannedUs);
    this.#activeUs += activeUs;
    // Equal lateness of all requests does not change the rate; falling behind does.
    this.#sendingUs += lateByUs === null ? activeUs : plannedUs + lateByUs;
  }

  /** A burst of a closed loop had the requests from `first` to before `end`. */
  closedBurstEnded(first: number, end: number): void {
    this.#closedBursts.push({ first, end });
  }

  /** Request `index` was due at `intendedUs`, and had to wait where every connection was busy then. */
  due(index: number, intendedUs: number, queued: boolean): void {
    this.#intendedUs[index] = intendedUs;
    if (queued) this.#queued[index] = 1;
  }

  sent(index: number, sentUs: number): void {
    this.#sentUs[index] = sentUs;
  }

  firstOnConnection(index: number): void {
    this.#firstOnConnection[index] = 1;
  }

  intendedUs(index: number): number {
    return this.#intendedUs[index]!;
  }

  isQueued(index: number): boolean {
    return this.#queued[index] === 1;
  }

  ended(result: RequestResult): void {
    this.#set(result);
    this.#lastDoneUs = result.doneUs;
    if (result.outcome === "timeout") {
      this.timeoutsInARow++;
    } else {
      this.timeoutsInARow = 0;
      this.heardAtActiveUs = this.activeByUs(result.doneUs);
    }
  }

  /** The one place where a latency is set. `ArmSamples.latencyUs` says from when it counts. */
  #set({ index, outcome, reason, doneUs, status, bytes }: RequestResult): void {
    const startUs = this.#queued[index] === 1 ? this.#intendedUs[index]! : this.#sentUs[index]!;
    this.#outcome[index] = CODES[outcome];
    this.#latencyUs[index] = doneUs - startUs;
    this.#status[index] = status;
    this.#bytes[index] = bytes;
    if (reason !== null) this.#reasons.set(index, reason);
    this.endedCount++;
  }

  /** Request `index` waited for a connection until its timeout, and was never written. */
  abandon(index: number, timeoutUs: number, reason = "no connection was free"): void {
    const doneUs = this.#intendedUs[index]! + timeoutUs;
    this.#set({ index, outcome: "timeout", reason, doneUs, status: NO_STATUS, bytes: 0 });
  }

  /** The target was given up at `atUs`: requests from `first` on were never written, and are timeouts. */
  giveUp(first: number, atUs: number, timeoutUs: number): void {
    for (let index = first; index < this.requests; index++) {
      this.due(index, atUs, true);
      this.abandon(index, timeoutUs, "not sent any more");
    }
  }

  /** The response was taken for complete, and then turned out to be wrong. */
  revoke(index: number, reason: string): void {
    this.#outcome[index] = CODES.body;
    this.#reasons.set(index, reason);
  }

  /**
   * The first `count` samples, times since `startUs`.
   *
   * @param connections - that a closed loop kept busy
   * @param parts - of `mixParts`, where requests of several kinds were mixed
   */
  finish(
    arm: string,
    count: number,
    { startUs, reconnects, connections, parts = null }: PhaseOfTarget,
  ): ArmSamples {
    const steady = this.#steady(connections);
    const since = (times: Float64Array): Float64Array => {
      const cut = times.subarray(0, count);
      for (let i = 0; i < cut.length; i++) cut[i]! -= startUs;
      return whole(cut, times);
    };
    const first = <T extends Column>(column: T): T => whole(column.subarray(0, count) as T, column);
    return {
      arm,
      intendedUs: since(this.#intendedUs),
      sentUs: since(this.#sentUs),
      latencyUs: first(this.#latencyUs),
      status: first(this.#status),
      bytes: first(this.#bytes),
      outcome: first(this.#outcome),
      queued: first(this.#queued),
      firstOnConnection: first(this.#firstOnConnection),
      reconnects,
      activeMs: this.#activeUs / 1000,
      sendingMs: this.#sendingUs / 1000,
      steady,
      gaveUp: this.gaveUp,
      reasons: this.#reasons.tally(this.#outcome.subarray(0, count)),
      ...(parts === null ? {} : { reasonsOfParts: this.#reasonsOf(parts, count) }),
    };
  }

  #steady(connections: number): SteadyLoad | null {
    if (this.#closedBursts.length === 0) return null;
    const parts = this.#closedBursts.map(({ first, end }) => {
      const sentUs = this.#sentUs.slice(first, end);
      const doneUs = sentUs.map((at, i) => at + this.#latencyUs[first + i]!);
      const ok = this.#outcome.slice(first, end).map((code) => Number(code === CODES.ok));
      return steadyPart({ sentUs, doneUs, ok }, connections);
    });
    return together(parts);
  }

  #reasonsOf(parts: Uint8Array, count: number): FailureReason[][] {
    const outcomes = this.#outcome.subarray(0, count);
    const last = parts.reduce((most, part) => Math.max(most, part), 0);
    return Array.from({ length: last + 1 }, (_, part) =>
      this.#reasons.tally(outcomes, (index) => parts[index] === part),
    );
  }
}

/** What a target's samples need of the phase. */
interface PhaseOfTarget {
  readonly startUs: number;
  readonly reconnects: number;
  readonly connections: number;
  readonly parts?: Uint8Array | null;
}

type Column = Float64Array | Uint16Array | Uint8Array;

/** A view of a part is copied, so that the rest of its array is not sent to the parent. */
function whole<T extends Column>(cut: T, full: T): T {
  return cut.length === full.length ? full : (cut.slice() as T);
}
