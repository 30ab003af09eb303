import type { TailgateError } from "../../error.js";
import type { Pool, PoolListener } from "../connections/pool.js";
import type { Phase } from "../phase.js";
import { Recorder } from "../samples/recorder.js";
import type { ArmSamples, RequestResult } from "../samples/samples.js";
import { arrivalOffsetsUs, cutIntoBursts, type Burst } from "../schedule/arrival-schedule.js";
import { detectStall } from "../schedule/stall-detector.js";
import { BurstRunner, type BurstLoad, type PhaseCounters } from "./burst-runner.js";
import type { Pacer } from "./pacer.js";

/** The arrivals of an open phase, the same for every target; `null` for a closed loop. */
interface Arrivals {
  readonly offsetsUs: Float64Array;
  readonly bursts: readonly Burst[];
}

export function arrivalsOf(phase: Phase): Arrivals | null {
  if (phase.loop === "closed") return null;
  const offsetsUs = arrivalOffsetsUs(phase.requests, phase.ratePerSecond, phase.seed);
  return { offsetsUs, bursts: cutIntoBursts(offsetsUs, phase.burstMs) };
}

/** What the targets of a phase share. */
export interface SharedByTargets {
  readonly phase: Phase;
  readonly arrivals: Arrivals | null;
  readonly pacer: Pacer;
  readonly counters: PhaseCounters;
  /** Told when a target is gone, which ends the phase. */
  readonly gone: (error: TailgateError) => void;
}

/** One target's part of a phase: its bursts so far, and the one under way. */
export class TargetLoad implements PoolListener {
  readonly pool: Pool;
  readonly #shared: SharedByTargets;
  readonly #recorder: Recorder;
  /** One after the last request that was dealt with. */
  #reached = 0;
  #nextBurst = 0;
  #burst: BurstRunner | null = null;

  constructor(pool: Pool, shared: SharedByTargets) {
    this.pool = pool;
    this.#shared = shared;
    this.#recorder = new Recorder(shared.phase.requests);
  }

  get hasWork(): boolean {
    const { phase, arrivals } = this.#shared;
    if (this.#recorder.gaveUp !== null) return false;
    if (phase.loop === "open") return this.#nextBurst < arrivals!.bursts.length;
    return this.#reached < phase.requests && this.#leftMs > 0;
  }

  /** Sends one burst, and resolves when every response of it is back. */
  async runBurst(): Promise<void> {
    const { pacer, counters } = this.#shared;
    this.#burst = new BurstRunner(this.pool, this.#recorder, this.#nextLoad(), pacer, counters);
    await this.#burst.run();
    this.#reached = this.#burst.reached;
    this.#burst = null;
  }

  #nextLoad(): BurstLoad {
    const { phase, arrivals } = this.#shared;
    if (arrivals !== null) {
      return { loop: "open", burst: arrivals.bursts[this.#nextBurst++]!, offsetsUs: arrivals.offsetsUs };
    }
    const lengthUs = Math.min(phase.burstMs, this.#leftMs) * 1000;
    return { loop: "closed", first: this.#reached, end: phase.requests, lengthUs };
  }

  /** How much longer a closed loop may go on. */
  get #leftMs(): number {
    const { phase } = this.#shared;
    const maximumMs = phase.loop === "closed" ? (phase.maximumMs ?? Infinity) : Infinity;
    return maximumMs - this.#recorder.activeUs / 1000;
  }

  advance(): void {
    this.#burst?.advance();
  }

  fail(error: TailgateError): void {
    this.#burst?.fail(error);
  }

  /** Looks for timeouts, and for a target that is not worth going on with. */
  look(): void {
    const burst = this.#burst;
    if (burst === null) return;
    const nowUs = performance.now() * 1000;
    burst.expire(nowUs);
    if (this.#burst !== burst || this.#recorder.gaveUp !== null) return;
    this.#recorder.gaveUp = detectStall(this.#shared.phase, this.#recorder, burst.activeUs(nowUs));
    if (this.#recorder.gaveUp !== null) burst.giveUp();
  }

  ended(result: RequestResult): void {
    this.#burst?.ended(result);
  }

  revoked(index: number): void {
    this.#recorder.revoke(index);
  }

  freed(): void {
    this.#burst?.advance();
  }

  gone(error: TailgateError): void {
    this.#shared.gone(error);
  }

  /** All samples of the target, with times since `startMs`. If it was given up, they hold the rest as timeouts. */
  finish(startMs: number): ArmSamples {
    let count = this.#reached;
    if (this.#recorder.gaveUp !== null && this.#shared.phase.loop === "open") {
      this.#recorder.giveUp(count, performance.now() * 1000, this.pool.timeoutUs);
      count = this.#recorder.requests;
    }
    return this.#recorder.finish(this.pool.target.arm, count, startMs * 1000, this.pool.reconnects);
  }
}
