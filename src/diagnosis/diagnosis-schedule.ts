import type { FixedLoad } from "../model/schedule.js";
import type { Looking } from "../probes/looking.js";

/** What one kind of block sends to each arm. */
export interface DiagnosisLoad {
  readonly ratePerSecond: number;
  readonly requests: number;
  readonly warmupRequests: number;
}

/** Diagnosis blocks as planned: those that count calls come first. */
export interface DiagnosisSchedule {
  /** How many of each kind; none where not even one fits into the budget. */
  readonly blocks: Readonly<Record<Looking, number>>;
  readonly loads: Readonly<Record<Looking, DiagnosisLoad>>;
  /** How long a block of each kind will take. */
  readonly blockMs: Readonly<Record<Looking, number>>;
}

/** What a diagnosis has to fit into. */
export interface DiagnosisLimits {
  readonly budgetMs: number;
  /** Until all arms are up and ready, and until they are stopped. */
  readonly startMs: number;
  readonly arms: number;
  /** Whether the arms' runtimes have something that counts calls. */
  readonly countsCalls: boolean;
}

/** Counts have no noise; the second block shows which of them vary by themselves. */
const COUNTING_BLOCKS = 2;
/** An interval narrows with blocks up to here; more would hardly tell more. */
const MOST_SAMPLING_BLOCKS = 18;
const FEWEST_SAMPLING_BLOCKS = 6;
/** Fewer give no interval at all. */
export const SAMPLING_BLOCKS_OF_AN_INTERVAL = 3;
const FEWEST_REQUESTS = 50;
/** A service whose calls are counted runs unoptimised and slower, so that it gets fewer requests at a time. */
const COUNTING_SHARE_OF_RATE = 0.25;
const COUNTING_MS = 4000;
/** Between bursts and between phases. */
const PAUSES = 1.2;
/** Loads are made smaller, by these shares, until enough blocks fit. */
const SHARES = [1, 0.5, 0.25, 0.1];

/**
 * How many blocks fit into their budget, and how large each is. Loads get smaller before blocks get fewer. Where too few
 * blocks fit for an interval, calls alone are counted.
 */
export function planDiagnosis(
  load: Pick<FixedLoad, "ratePerSecond" | "requests" | "warmupRequests" | "capacityPerSecond">,
  { budgetMs, startMs, arms, countsCalls }: DiagnosisLimits,
): DiagnosisSchedule {
  const countingBlocks = countsCalls ? COUNTING_BLOCKS : 0;
  const capacity = Math.max(
    1,
    Math.min(...Object.values(load.capacityPerSecond).map((one) => one ?? load.ratePerSecond)),
  );
  const wanted = SHARES.map((share) => {
    const loads = loadsOf(load, share);
    const msOf = ({ requests, ratePerSecond, warmupRequests }: DiagnosisLoad): number =>
      startMs + PAUSES * arms * 1000 * (requests / ratePerSecond + warmupRequests / capacity);
    const blockMs = { calls: msOf(loads.calls), cpu: msOf(loads.cpu) };
    const leftMs = budgetMs - countingBlocks * blockMs.calls;
    return { loads, blockMs, fitting: Math.max(0, Math.floor(leftMs / blockMs.cpu)) };
  });
  const { loads, blockMs, fitting } =
    wanted.find((one) => one.fitting >= 2 * FEWEST_SAMPLING_BLOCKS) ??
    wanted.find((one) => one.fitting >= FEWEST_SAMPLING_BLOCKS) ??
    wanted.at(-1)!;
  const sampling = fitting < SAMPLING_BLOCKS_OF_AN_INTERVAL ? 0 : Math.min(MOST_SAMPLING_BLOCKS, fitting);
  const counting = Math.min(countingBlocks, Math.max(0, Math.floor(budgetMs / blockMs.calls)));
  return { blocks: { calls: counting, cpu: sampling }, loads, blockMs };
}

function loadsOf(
  {
    ratePerSecond,
    requests,
    warmupRequests,
  }: Pick<FixedLoad, "ratePerSecond" | "requests" | "warmupRequests">,
  share: number,
): DiagnosisSchedule["loads"] {
  const smaller = (count: number): number =>
    Math.min(count, Math.max(FEWEST_REQUESTS, Math.round(share * count)));
  const slowRate = ratePerSecond * COUNTING_SHARE_OF_RATE;
  return {
    cpu: { ratePerSecond, requests: smaller(requests), warmupRequests: smaller(warmupRequests) },
    calls: {
      ratePerSecond: slowRate,
      requests: Math.min(requests, Math.max(20, Math.round((share * COUNTING_MS * slowRate) / 1000))),
      warmupRequests: Math.min(warmupRequests, FEWEST_REQUESTS),
    },
  };
}
