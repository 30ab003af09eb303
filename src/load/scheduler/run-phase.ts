import type { TailgateError } from "../../error.js";
import type { Pool } from "../connections/pool.js";
import type { Phase, PhaseResult } from "../phase.js";
import type { Recorder } from "../samples/recorder.js";
import { mixParts } from "../schedule/mix-parts.js";
import { latenessOf } from "../samples/lateness.js";
import { measureOwnWork } from "./own-work.js";
import { Pacer } from "./pacer.js";
import { arrivalsOf, TargetLoad, type SharedByTargets } from "./target-load.js";

interface PhaseHooks {
  /** Called a few times a second with the number of requests that have ended, of all targets. */
  readonly onProgress: (ended: number) => void;
  readonly signal: AbortSignal;
  /** Whether the generator has processors of its own, on which waiting awake takes nothing from the service. */
  readonly mayWaitAwake: boolean;
}

/**
 * From this rate on several arrivals would fall into a timer's millisecond and leave together: a burst that the
 * service would have to queue. Below it, waiting awake only costs (docs/load.md has the figures).
 */
export const AWAKE_FROM_RATE = 1000;
/** A timeout is recorded at its value however late it is found, so looking more often would only wake the process. */
const LOOK_EVERY_MS = 100;
const PROGRESS_EVERY_MS = 200;

/** Runs a phase on the pools of its targets (same order) until every response is back. */
export async function runPhase(
  phase: Phase,
  pools: readonly Pool[],
  hooks: PhaseHooks,
): Promise<PhaseResult> {
  let current: TargetLoad | null = null;
  const awake = hooks.mayWaitAwake && phase.loop === "open" && phase.ratePerSecond >= AWAKE_FROM_RATE;
  const pacer = new Pacer(() => current?.advance(), awake);

  let failure: TailgateError | null = null;
  const fail = (error: TailgateError): void => {
    failure ??= error;
    current?.fail(error);
  };
  const shared: SharedByTargets = { phase, arrivals: arrivalsOf(phase), pacer, gone: fail };
  const parts = mixParts(phase);
  const loads = pools.map((pool) => new TargetLoad(pool, shared));
  const abort = (): void => {
    fail(hooks.signal.reason as TailgateError);
  };
  hooks.signal.addEventListener("abort", abort);
  const look = setInterval(
    () => {
      current?.look();
    },
    Math.max(1, Math.min(LOOK_EVERY_MS, phase.profile.timeoutMs / 10)),
  );
  const progress = setInterval(() => {
    hooks.onProgress(sumOf(loads, ({ endedCount }) => endedCount));
  }, PROGRESS_EVERY_MS);

  try {
    for (const load of loads) await load.pool.begin(phase, parts, load.recorder, load);
    const startMs = performance.now();
    const ownWork = measureOwnWork(pacer);
    for (let round = 0; loads.some((load) => load.hasWork); round++) {
      for (const target of phase.turns[round % phase.turns.length]!) {
        const load = loads[target]!;
        if (!load.hasWork) continue;
        hooks.signal.throwIfAborted();
        throwIfFailed(failure);
        current = load;
        await load.runBurst();
      }
    }
    const work = ownWork();
    const arms = loads.map((load) => {
      const { recorder, pool } = load;
      const { connections } = phase.profile;
      const of = { startUs: startMs * 1000, reconnects: pool.reconnects, connections, parts };
      return recorder.finish(pool.target.arm, load.close(), of);
    });
    const lateness = phase.loop === "open" ? latenessOf(arms) : { latenessP50Us: 0, latenessP99Us: 0 };
    const queuedWhileIdle = sumOf(loads, (recorder) => recorder.queuedWhileIdle);
    return { arms, health: { ...work, ...lateness, queuedWhileIdle } };
  } finally {
    pacer.cancel();
    clearInterval(look);
    clearInterval(progress);
    hooks.signal.removeEventListener("abort", abort);
    for (const { pool } of loads) pool.rest();
  }
}

function sumOf(loads: readonly TargetLoad[], of: (recorder: Recorder) => number): number {
  return loads.reduce((sum, { recorder }) => sum + of(recorder), 0);
}

function throwIfFailed(failure: TailgateError | null): void {
  if (failure !== null) throw failure;
}
