/** Node's timers cannot wait longer than this, about 25 days. */
const LONGEST_TIMER_MS = 2 ** 31 - 1;

/** Below this gap a timer, which knows whole milliseconds only, would come late. */
const AWAKE_BELOW_MS = 1.5;

/** A turn that finds nothing to do takes microseconds. In one that took this long, the process did not have its processor. */
const LOST_TURN_US = 1000;
/** If more than this share of the waiting is lost so, other processes use the same processor. */
const LOST_SHARE = 0.02;
/** A single pause says nothing: less lost time than this is not counted. */
const LOST_AT_LEAST_US = 10_000;

/**
 * Wakes the generator at intended times: a timer for the far part of a gap, and then turns of the event loop without
 * sleeping. Responses are read in these turns as always, and turns that find nothing to do are counted as idle. Where other
 * processes use the same processor, the kernel puts one that never sleeps behind them, and its requests leave late. The
 * pacer then uses timers only.
 */
export class Pacer {
  readonly #wake: () => void;
  #awake: boolean;
  #timer: NodeJS.Timeout | null = null;
  #immediate: NodeJS.Immediate | null = null;
  #dueUs = Infinity;
  #turnUs = 0;
  #worked = true;
  /** Time spent in turns of the event loop that found nothing to do. */
  awakeUs = 0;
  #lostUs = 0;

  constructor(wake: () => void, awake: boolean) {
    this.#wake = wake;
    this.#awake = awake;
  }

  /** Something was done in this turn of the event loop, so that it does not count as idle. */
  worked(): void {
    this.#worked = true;
  }

  /** Sets the next time to wake at; an earlier one that is still pending is replaced. */
  at(dueUs: number): void {
    if (dueUs === this.#dueUs) return;
    this.#clear();
    this.#dueUs = dueUs;
    this.#arm(performance.now() * 1000);
  }

  cancel(): void {
    this.#clear();
    this.#dueUs = Infinity;
  }

  #arm(nowUs: number): void {
    const gapMs = (this.#dueUs - nowUs) / 1000;
    if (this.#awake && gapMs < AWAKE_BELOW_MS) {
      this.#turnUs = nowUs;
      this.#worked = false;
      this.#immediate = setImmediate(this.#turn);
    } else {
      // Node cuts off the fraction of a timer, which would wake too early and then once more.
      const timerMs = this.#awake ? gapMs - 1 : Math.ceil(gapMs);
      this.#timer = setTimeout(this.#onTimer, Math.min(LONGEST_TIMER_MS, timerMs));
    }
  }

  readonly #onTimer = (): void => {
    this.#timer = null;
    this.#look(performance.now() * 1000);
  };

  readonly #turn = (): void => {
    this.#immediate = null;
    const nowUs = performance.now() * 1000;
    if (!this.#worked) this.#count(nowUs - this.#turnUs);
    this.#look(nowUs);
  };

  #count(idleUs: number): void {
    this.awakeUs += idleUs;
    if (idleUs < LOST_TURN_US) return;
    this.#lostUs += idleUs;
    if (this.#lostUs > LOST_AT_LEAST_US && this.#lostUs > LOST_SHARE * this.awakeUs) this.#awake = false;
  }

  #look(nowUs: number): void {
    if (nowUs < this.#dueUs) {
      this.#arm(nowUs);
      return;
    }
    this.#dueUs = Infinity;
    this.#wake();
  }

  #clear(): void {
    if (this.#timer !== null) clearTimeout(this.#timer);
    if (this.#immediate !== null) clearImmediate(this.#immediate);
    this.#timer = null;
    this.#immediate = null;
  }
}
