import type { TailgateError } from "../../error.js";
import { LatenessTrend } from "./lateness-trend.js";
import type { Pacer } from "./pacer.js";
import type { Pool } from "../http1/pool.js";
import type { Recorder } from "../samples/recorder.js";
import type { Burst } from "./arrival-schedule.js";
import type { Ending } from "../http1/slot.js";

/** Counts what must never happen; see `GeneratorHealth`. */
export interface InvariantCounters {
  queuedWhileIdle: number;
  onEnded(): void;
}

/** What is sent in one turn: arrivals at their times, or all connections kept busy for a while. */
export type BurstLoad =
  | { readonly loop: "open"; readonly burst: Burst; readonly offsetsUs: Float64Array }
  | { readonly loop: "closed"; readonly first: number; readonly end: number; readonly lengthUs: number };

/**
 * One burst to one target, until every answer is back. Requests are written in the order of their intended times; one
 * that finds all connections busy waits, and is neither dropped nor overtaken, until its timeout.
 */
export class BurstRunner {
  readonly #pool: Pool;
  readonly #samples: Recorder;
  readonly #work: BurstLoad;
  readonly #pacer: Pacer;
  readonly #witness: InvariantCounters;
  readonly #startUs: number;
  #endUs: number;
  /** Next request to come due, next to be written, one after the last. */
  #due: number;
  #next: number;
  #end: number;
  #lastAnswerUs: number;
  #lastSentUs: number;
  readonly #lateness: LatenessTrend;
  #finish: (result: TailgateError | null) => void = () => undefined;
  #running = true;

  constructor(pool: Pool, samples: Recorder, work: BurstLoad, pacer: Pacer, witness: InvariantCounters) {
    this.#pool = pool;
    this.#samples = samples;
    this.#work = work;
    this.#pacer = pacer;
    this.#witness = witness;
    this.#startUs = performance.now() * 1000;
    this.#lastAnswerUs = this.#startUs;
    this.#lastSentUs = this.#startUs;
    if (work.loop === "open") {
      this.#due = work.burst.first;
      this.#end = work.burst.end;
      this.#endUs = this.#startUs + work.burst.lengthUs;
    } else {
      this.#due = work.first;
      this.#end = work.end;
      this.#endUs = this.#startUs + work.lengthUs;
    }
    this.#next = this.#due;
    this.#lateness = new LatenessTrend((this.#due + this.#end) / 2);
  }

  /** One after the last request that was written or given up. */
  get reached(): number {
    return this.#next;
  }

  run(): Promise<void> {
    return new Promise((resolve, reject) => {
      this.#finish = (error) => {
        this.#running = false;
        this.#pacer.cancel();
        this.#samples.activeUs += this.#activeUs();
        this.#samples.sendingUs += this.#sendingUs();
        if (error === null) resolve();
        else reject(error);
      };
      this.advance();
    });
  }

  ended(ending: Ending): void {
    this.#pacer.worked();
    this.#lastAnswerUs = ending.doneUs;
    if (ending.outcome === "timeout") {
      this.#samples.timeoutsInARow++;
    } else {
      this.#samples.timeoutsInARow = 0;
      this.#samples.heardAtActiveUs = this.activeUs(ending.doneUs);
    }
    this.#samples.end(ending.index, ending.outcome, ending.doneUs, ending.status, ending.bytes);
    this.#witness.onEnded();
  }

  gone(error: TailgateError): void {
    if (this.#running) this.#finish(error);
  }

  /** Does what is due now. Called at intended times and whenever a connection becomes idle. */
  readonly advance = (): void => {
    if (!this.#running) return;
    this.#pacer.worked();
    const nowUs = performance.now() * 1000;
    if (this.#work.loop === "open") this.#sendArrivals(this.#work, nowUs);
    else this.#keepBusy(nowUs);
    if (this.#next < this.#due && this.#pool.idleCount > 0) this.#witness.queuedWhileIdle++;
    if (this.#due < this.#end) {
      if (this.#work.loop === "open") this.#pacer.at(this.#intendedUs(this.#work, this.#due));
      else this.#pacer.at(this.#endUs);
    } else if (this.#next === this.#end && this.#pool.busy === 0) {
      if (this.#work.loop === "closed" || nowUs >= this.#endUs) this.#finish(null);
      else this.#pacer.at(this.#endUs);
    }
  };

  #intendedUs(work: BurstLoad & { loop: "open" }, index: number): number {
    return this.#startUs + work.offsetsUs[index]! - work.burst.fromUs;
  }

  #sendArrivals(work: BurstLoad & { loop: "open" }, nowUs: number): void {
    const { intendedUs, queued } = this.#samples;
    while (this.#next < this.#due && this.#pool.idleCount > 0) this.#send();
    while (this.#due < this.#end) {
      const atUs = this.#intendedUs(work, this.#due);
      if (atUs > nowUs) break;
      intendedUs[this.#due] = atUs;
      // Those before it have gone out if a connection is idle, and that one was idle at `atUs` or became so later.
      if (this.#pool.idleSinceUs > atUs) queued[this.#due] = 1;
      this.#due++;
      if (this.#pool.idleCount > 0) this.#send();
    }
  }

  #keepBusy(nowUs: number): void {
    if (nowUs >= this.#endUs) this.#end = this.#due;
    while (this.#due < this.#end && this.#pool.idleCount > 0) {
      this.#due++;
      this.#send();
      this.#samples.intendedUs[this.#due - 1] = this.#lastSentUs;
    }
  }

  #send(): void {
    const index = this.#next++;
    const { sentUs, first } = this.#pool.send(index);
    this.#samples.sentUs[index] = sentUs;
    if (first) this.#samples.firstOnConnection[index] = 1;
    this.#lastSentUs = sentUs;
    // A request that waited for the service says nothing about how we kept to the plan.
    if (this.#samples.queued[index] === 0) {
      this.#lateness.add(index, sentUs - this.#samples.intendedUs[index]!);
    }
  }

  /**
   * Looks for timeouts. What waited for a connection as long as the timeout is one as well, at the timeout's value.
   */
  expire(nowUs: number): void {
    if (!this.#running) return;
    this.#pool.expire(nowUs);
    const { timeoutUs } = this.#pool;
    while (this.#next < this.#due && this.#samples.intendedUs[this.#next]! + timeoutUs <= nowUs)
      this.#abandon();
    this.advance();
  }

  #abandon(): void {
    const index = this.#next++;
    this.#samples.end(index, "timeout", this.#samples.intendedUs[index]! + this.#pool.timeoutUs, 0, 0);
    this.#witness.onEnded();
  }

  /** Sends nothing more, and records what waits or is under way as timed out. */
  giveUp(): void {
    this.#end = this.#due;
    while (this.#next < this.#due) this.#abandon();
    this.#endUs = this.#startUs;
    this.#pool.cancel();
    this.advance();
  }

  /** How long the target has been under load by `nowUs`, this and earlier turns. */
  activeUs(nowUs: number): number {
    return this.#samples.activeUs + nowUs - this.#startUs;
  }

  #plannedUs(): number {
    return this.#work.loop === "open" ? this.#endUs - this.#startUs : 0;
  }

  /** Equal lateness of all requests does not change the rate; falling behind does. */
  #sendingUs(): number {
    if (this.#work.loop === "closed") return this.#activeUs();
    return this.#plannedUs() + this.#lateness.growthUs;
  }

  #activeUs(): number {
    return Math.max(this.#lastAnswerUs - this.#startUs, this.#plannedUs());
  }
}
