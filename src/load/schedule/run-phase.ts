import { performance } from "node:perf_hooks";
import type { TailgateError } from "../../error.js";
import { quantileSorted } from "../../stats/quantile.js";
import { detectStall } from "./stall-detector.js";
import { Pacer } from "./pacer.js";
import type { Pool } from "../http1/pool.js";
import type { ArmSamples, Phase, PhaseResult } from "../profile.js";
import type { GeneratorHealth } from "../../model/block.js";
import { Recorder } from "../samples/recorder.js";
import { arrivalOffsetsUs, cutIntoBursts, type Burst } from "./arrival-schedule.js";
import type { Ending } from "../http1/slot.js";
import { BurstRunner, type BurstLoad } from "./burst-runner.js";

export interface PhaseHooks {
  /** Number of requests that have ended, of all targets, a few times a second. */
  readonly onProgress: (ended: number) => void;
  readonly signal: AbortSignal;
  /** Whether the generator has processors of its own, on which waiting awake takes nothing from the service. */
  readonly mayWaitAwake: boolean;
}

/**
 * From this rate on several arrivals would fall into a timer's millisecond and leave together: a burst that the
 * service would have to queue. Below it, waiting awake only costs (docs/load.md has the figures).
 */
const AWAKE_FROM_RATE = 1000;
/** Timeouts are recorded at their value however late they are found; looking more often would only wake the process. */
const LOOK_EVERY_MS = 100;
const PROGRESS_EVERY_MS = 200;

interface Part {
  readonly pool: Pool;
  readonly samples: Recorder;
  /** One after the last request that was dealt with. */
  reached: number;
  nextBurst: number;
  turn: BurstRunner | null;
}

/** Runs a phase on the pools of its targets (same order), all answers drained. */
export async function runPhase(
  phase: Phase,
  pools: readonly Pool[],
  hooks: PhaseHooks,
): Promise<PhaseResult> {
  const offsetsUs =
    phase.loop === "open" ? arrivalOffsetsUs(phase.requests, phase.ratePerSecond, phase.seed) : null;
  const bursts = offsetsUs === null ? [] : cutIntoBursts(offsetsUs, phase.burstMs);
  const parts = pools.map((pool): Part => {
    return { pool, samples: new Recorder(phase.requests), reached: 0, nextBurst: 0, turn: null };
  });
  let current: Part | null = null;
  let endedCount = 0;
  const witness = {
    queuedWhileIdle: 0,
    onEnded: () => {
      endedCount++;
    },
  };
  const awake = hooks.mayWaitAwake && phase.loop === "open" && phase.ratePerSecond >= AWAKE_FROM_RATE;
  const pacer = new Pacer(() => current?.turn?.advance(), awake);

  const failures: TailgateError[] = [];
  const listen = (part: Part) => ({
    ended: (ending: Ending) => part.turn?.ended(ending),
    revoked: (index: number) => {
      part.samples.revoke(index);
    },
    freed: () => part.turn?.advance(),
    gone: (error: TailgateError) => {
      failures.push(error);
      current?.turn?.gone(error);
    },
  });
  const abort = (): void => {
    current?.turn?.gone(hooks.signal.reason as TailgateError);
  };
  hooks.signal.addEventListener("abort", abort);
  const look = setInterval(
    () => {
      const turn = current?.turn;
      if (!current || !turn) return;
      const nowUs = performance.now() * 1000;
      turn.expire(nowUs);
      if (current.turn !== turn || current.samples.gaveUp !== null) return;
      current.samples.gaveUp = detectStall(phase, current.samples, turn.activeUs(nowUs));
      if (current.samples.gaveUp !== null) turn.giveUp();
    },
    Math.max(1, Math.min(LOOK_EVERY_MS, phase.profile.timeoutMs / 10)),
  );
  const progress = setInterval(() => {
    hooks.onProgress(endedCount);
  }, PROGRESS_EVERY_MS);

  try {
    for (const part of parts) await part.pool.begin(phase.profile, listen(part));
    const startMs = performance.now();
    const measure = startMeasuring(pacer);
    for (let round = 0; parts.some((part) => hasWork(phase, part, bursts)); round++) {
      for (const target of phase.turns[round % phase.turns.length]!) {
        const part = parts[target]!;
        if (!hasWork(phase, part, bursts)) continue;
        const [failed] = failures;
        if (failed !== undefined) throw failed;
        hooks.signal.throwIfAborted();
        current = part;
        part.turn = new BurstRunner(
          part.pool,
          part.samples,
          nextWork(phase, part, bursts, offsetsUs),
          pacer,
          witness,
        );
        await part.turn.run();
        part.reached = part.turn.reached;
        part.turn = null;
      }
    }
    const health = measure();
    const arms = parts.map(({ pool, samples, reached }) => {
      if (samples.gaveUp !== null && phase.loop === "open")
        reached = writeOff(samples, reached, pool.timeoutUs);
      return samples.finish(pool.target.arm, reached, startMs * 1000, pool.reconnects);
    });
    return {
      arms,
      health: {
        ...health,
        ...(phase.loop === "open" ? latenessOf(arms) : { latenessP50Us: 0, latenessP99Us: 0 }),
        queuedWhileIdle: witness.queuedWhileIdle,
      },
    };
  } finally {
    pacer.cancel();
    clearInterval(look);
    clearInterval(progress);
    hooks.signal.removeEventListener("abort", abort);
    for (const { pool } of parts) pool.rest();
  }
}

function hasWork(phase: Phase, part: Part, bursts: readonly Burst[]): boolean {
  if (part.samples.gaveUp !== null) return false;
  if (phase.loop === "open") return part.nextBurst < bursts.length;
  return part.reached < phase.requests && part.samples.activeUs < (phase.maximumMs ?? Infinity) * 1000;
}

function nextWork(
  phase: Phase,
  part: Part,
  bursts: readonly Burst[],
  offsetsUs: Float64Array | null,
): BurstLoad {
  if (offsetsUs !== null) return { loop: "open", burst: bursts[part.nextBurst++]!, offsetsUs };
  const leftMs =
    phase.loop === "closed" ? (phase.maximumMs ?? Infinity) - part.samples.activeUs / 1000 : Infinity;
  const lengthUs = Math.min(phase.burstMs, leftMs) * 1000;
  return { loop: "closed", first: part.reached, end: phase.requests, lengthUs };
}

/** What a target that was given up did not get: timeouts that were never written. */
function writeOff(samples: Recorder, reached: number, timeoutUs: number): number {
  const nowUs = performance.now() * 1000;
  const all = samples.intendedUs.length;
  for (let index = reached; index < all; index++) {
    samples.intendedUs[index] = nowUs;
    // Never written: its latency counts from the intended time, like that of any request that had to wait.
    samples.queued[index] = 1;
    samples.end(index, "timeout", nowUs + timeoutUs, 0, 0);
  }
  return all;
}

function startMeasuring(pacer: Pacer): () => Pick<GeneratorHealth, "busyShare" | "cpuUs"> {
  const cpu = process.cpuUsage();
  const loop = performance.eventLoopUtilization();
  const startMs = performance.now();
  return () => {
    const used = process.cpuUsage(cpu);
    const wallMs = performance.now() - startMs;
    const idleMs = performance.eventLoopUtilization(loop).idle + pacer.awakeUs / 1000;
    return { busyShare: Math.max(0, 1 - idleMs / wallMs), cpuUs: used.user + used.system };
  };
}

/** How late requests left that found an idle connection. Seven digits are enough for it, at half of the memory. */
function latenessOf(arms: readonly ArmSamples[]): Pick<GeneratorHealth, "latenessP50Us" | "latenessP99Us"> {
  const late = new Float32Array(arms.reduce((sum, { sentUs }) => sum + sentUs.length, 0));
  let count = 0;
  for (const { sentUs, intendedUs, queued } of arms) {
    for (let i = 0; i < sentUs.length; i++) {
      if (queued[i] === 0 && !Number.isNaN(sentUs[i]!)) late[count++] = sentUs[i]! - intendedUs[i]!;
    }
  }
  const sorted = late.subarray(0, count).sort();
  const quantile = (p: number): number => (count === 0 ? 0 : quantileSorted(sorted, p));
  return { latenessP50Us: quantile(0.5), latenessP99Us: quantile(0.99) };
}
