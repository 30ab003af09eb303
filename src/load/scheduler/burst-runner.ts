import type { TailgateError } from "../../error.js";
import type { Pool } from "../connections/pool.js";
import type { Recorder } from "../samples/recorder.js";
import type { Burst } from "../schedule/arrival-schedule.js";
import { LatenessTrend } from "../schedule/lateness-trend.js";
import type { Pacer } from "./pacer.js";

/** What is sent in one turn: arrivals at their times, or all connections kept busy for a while. */
export type BurstLoad =
  | { readonly loop: "open"; readonly burst: Burst; readonly offsetsUs: Float64Array }
  | { readonly loop: "closed"; readonly first: number; readonly end: number; readonly lengthUs: number };

/**
 * One burst to one target, until every response is back. Requests are written in the order of their intended times. A
 * request that finds all connections busy waits until its timeout; it is neither dropped nor overtaken.
 */
export class BurstRunner {
  readonly #pool: Pool;
  readonly #recorder: Recorder;
  readonly #load: BurstLoad;
  readonly #pacer: Pacer;
  readonly #startUs: number;
  #endUs: number;
  /** Next request to come due, next to be written, one after the last. */
  #due: number;
  #next: number;
  #end: number;
  readonly #lateness: LatenessTrend;
  #finish: (result: TailgateError | null) => void = () => undefined;
  #running = true;

  constructor(pool: Pool, recorder: Recorder, load: BurstLoad, pacer: Pacer) {
    this.#pool = pool;
    this.#recorder = recorder;
    this.#load = load;
    this.#pacer = pacer;
    this.#startUs = performance.now() * 1000;
    if (load.loop === "open") {
      this.#due = load.burst.first;
      this.#end = load.burst.end;
      this.#endUs = this.#startUs + load.burst.lengthUs;
    } else {
      this.#due = load.first;
      this.#end = load.end;
      this.#endUs = this.#startUs + load.lengthUs;
    }
    this.#next = this.#due;
    this.#lateness = new LatenessTrend((this.#due + this.#end) / 2);
    recorder.beginBurst(this.#startUs);
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
        if (this.#load.loop === "closed") {
          this.#recorder.endBurst(0, null);
          this.#recorder.closedBurstEnded(this.#load.first, this.#next);
        } else this.#recorder.endBurst(this.#endUs - this.#startUs, this.#lateness.growthUs);
        if (error === null) resolve();
        else reject(error);
      };
      this.advance();
    });
  }

  /** Ends the burst where it is: its target is gone, or the phase was stopped. */
  fail(error: TailgateError): void {
    if (this.#running) this.#finish(error);
  }

  /** Does what is due now. Called at intended times and whenever a connection becomes idle. */
  readonly advance = (): void => {
    if (!this.#running) return;
    this.#pacer.worked();
    const nowUs = performance.now() * 1000;
    if (this.#load.loop === "open") this.#sendArrivals(this.#load, nowUs);
    else this.#keepBusy(nowUs);
    if (this.#next < this.#due && this.#pool.idleCount > 0) this.#recorder.queuedWhileIdle++;
    if (this.#due < this.#end) {
      if (this.#load.loop === "open") this.#pacer.at(this.#intendedUs(this.#load, this.#due));
      else this.#pacer.at(this.#endUs);
    } else if (this.#next === this.#end && this.#pool.busy === 0) {
      if (this.#load.loop === "closed" || nowUs >= this.#endUs) this.#finish(null);
      else this.#pacer.at(this.#endUs);
    }
  };

  #intendedUs(load: BurstLoad & { loop: "open" }, index: number): number {
    return this.#startUs + load.offsetsUs[index]! - load.burst.fromUs;
  }

  #sendArrivals(load: BurstLoad & { loop: "open" }, nowUs: number): void {
    while (this.#next < this.#due && this.#pool.idleCount > 0) this.#send();
    while (this.#due < this.#end) {
      const atUs = this.#intendedUs(load, this.#due);
      if (atUs > nowUs) break;
      // If a connection is idle, all earlier requests are written; it was idle at `atUs`, or became idle later.
      this.#recorder.due(this.#due, atUs, this.#pool.idleSinceUs > atUs);
      this.#due++;
      if (this.#pool.idleCount > 0) this.#send();
    }
  }

  #keepBusy(nowUs: number): void {
    if (nowUs >= this.#endUs) this.#end = this.#due;
    while (this.#due < this.#end && this.#pool.idleCount > 0) {
      const sentUs = performance.now() * 1000;
      this.#recorder.due(this.#due++, sentUs, false);
      this.#send(sentUs);
    }
  }

  #send(sentUs = performance.now() * 1000): void {
    const index = this.#next++;
    this.#recorder.sent(index, sentUs);
    if (this.#pool.send(index, sentUs)) this.#recorder.firstOnConnection(index);
    // A request that waited for the service does not tell how well the generator kept to the plan.
    if (!this.#recorder.isQueued(index)) this.#lateness.add(index, sentUs - this.#recorder.intendedUs(index));
  }

  /** Ends what has timed out. A request that waited for a connection as long as the timeout has timed out as well. */
  expire(nowUs: number): void {
    if (!this.#running) return;
    this.#pool.expire(nowUs);
    const { timeoutUs } = this.#pool;
    while (this.#next < this.#due && this.#recorder.intendedUs(this.#next) + timeoutUs <= nowUs) {
      this.#recorder.abandon(this.#next++, timeoutUs);
    }
    this.advance();
  }

  /** Sends nothing more, and records what waits or is under way as timed out. */
  giveUp(): void {
    this.#end = this.#due;
    while (this.#next < this.#due) this.#recorder.abandon(this.#next++, this.#pool.timeoutUs);
    this.#endUs = this.#startUs;
    this.#pool.cancel();
    this.advance();
  }
}
