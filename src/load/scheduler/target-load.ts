import type { TailgateError } from "../../error.js";
import type { Pool, PoolListener } from "../connections/pool.js";
import type { Phase } from "../phase.js";
import { Recorder } from "../samples/recorder.js";
import { arrivalOffsetsUs, cutIntoBursts, type Burst } from "../schedule/arrival-schedule.js";
import { detectStall } from "../schedule/stall-detector.js";
import { BurstRunner, type BurstLoad } from "./burst-runner.js";
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
  /** Told when a target is gone, which ends the phase. */
  readonly gone: (error: TailgateError) => void;
}

/** One target's part of a phase: its bursts so far, and the one under way. */
export class TargetLoad implements PoolListener {
  readonly pool: Pool;
  readonly #shared: SharedByTargets;
  readonly recorder: Recorder;
  /** One after the last request that was dealt with. */
  #reached = 0;
  #nextBurst = 0;
  #burst: BurstRunner | null = null;

  constructor(pool: Pool, shared: SharedByTargets) {
    this.pool = pool;
    this.#shared = shared;
    this.recorder = new Recorder(shared.phase.requests);
  }

  get hasWork(): boolean {
    const { phase, arrivals } = this.#shared;
    if (this.recorder.gaveUp !== null) return false;
    if (phase.loop === "open") return this.#nextBurst < arrivals!.bursts.length;
    return this.#reached < phase.requests && this.#leftMs > 0;
  }

  /** Sends one burst, and resolves when every response of it is back. */
  async runBurst(): Promise<void> {
    this.#burst = new BurstRunner(this.pool, this.recorder, this.#nextLoad(), this.#shared.pacer);
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
    return maximumMs - this.recorder.activeUs / 1000;
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
    if (this.#burst !== burst || this.recorder.gaveUp !== null) return;
    this.recorder.gaveUp = detectStall(this.#shared.phase, this.recorder, this.recorder.activeByUs(nowUs));
    if (this.recorder.gaveUp !== null) burst.giveUp();
  }

  ended(): void {
    this.#shared.pacer.worked();
  }

  freed(): void {
    this.#burst?.advance();
  }

  gone(error: TailgateError): void {
    this.#shared.gone(error);
  }

  /** How many samples the target has. If it was given up, the rest of its requests are recorded as timeouts first. */
  close(): number {
    if (this.recorder.gaveUp === null || this.#shared.phase.loop === "closed") return this.#reached;
    this.recorder.giveUp(this.#reached, performance.now() * 1000, this.pool.timeoutUs);
    return this.recorder.requests;
  }
}
