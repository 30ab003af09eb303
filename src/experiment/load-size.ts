import type { LoadPlan, ScenarioPlan } from "../model/scenario-plan.js";
import { LOOKS } from "../stats/alpha-spending.js";
import type { FixedLoad, Schedule } from "../model/schedule.js";

/** At most so many requests find the capacity of an arm in the pilot. */
export const MOST_CAPACITY_REQUESTS = 50_000;
/** Requests of the pilot at the rate of `auto`, from which the burst length is taken. */
export const RATE_REQUESTS = 200;
/** A burst lasts so many times as long as a queue at its load takes to forget how it began. */
const BURST_RELAXATION_TIMES = 4;
/** Shorter ones would be mostly their own beginning and end. */
const SHORTEST_BURST_MS = 20;
const LONGEST_BURST_MS = 1000;
/** Nearer to capacity a queue hardly forgets: such a burst has its longest length anyway. */
const HIGHEST_LOAD_SHARE = 0.95;
/** Of a service elsewhere nobody knows its capacity. */
const UNKNOWN_LOAD_SHARE = 0.5;
const CAPACITY_BURST_LATENCIES = 10;
const CAPACITY_SECONDS = 0.6;
const LONGEST_CAPACITY_SECONDS = 1.2;
/** Stacks may be far apart in speed: the requests that the slowest serves in this time are enough for the quickest. */
const LONGEST_STACK_CAPACITY_SECONDS = 4;
/**
 * All arms of a block are kept busy for at least so long before anything counts: a process that compiles while it runs needs
 * about a second until a request costs what it will cost from then on. The rest of that second is the closed loop.
 */
const SHORTEST_WARMUP_SECONDS = 0.5;
const LONGEST_WARMUP_SECONDS = 3;
const OVERLOAD_SECONDS = 2;
/** Share of the budget in which the pilot has to find all rates. */
export const PILOT_SHARE = 0.2;
/** Above this start-up time, blocks get fewer and longer, so that most of the budget is spent measuring. */
const SLOW_START_MS = 5000;
const LONGEST_STRETCH_FOR_START = 4;
/** Blocks ten times as long, forty of them: the largest budget that a report names as one that would settle a run. */
const LONGEST_STRETCH_FOR_BUDGET = 10;
/**
 * At most a third of capacity: queues form, so that latency shows what slower code does to them, and they are short enough
 * to forget a garbage collection soon. At half, a block's noise is about twice as large, and changes look larger by no more
 * than that.
 */
const HIGHEST_AUTO_SHARE = 1 / 3;
/** A quick service reaches its capacity by serving several requests at once: it is busier at a third than that says. */
const LOWEST_AUTO_SHARE = 1 / 5;
/** As low between these as leaves an arm's requests in a block so much time: time is what finds a change. */
const AUTO_SECONDS = 1.5;
/** Beyond this a single generator process would be part of what is measured. */
const HIGHEST_AUTO_RATE = 10_000;

/**
 * Burst length at the fixed rate, milliseconds, from 20 ms to 1 s: as short as the queue allows, because what else the
 * machine does changes slowly and then hits both arms alike. A queue forgets in s / (1 - sqrt(rho))^2 (relaxation time of
 * M/M/1, Cohen, The Single Server Queue, 1982): 6 service times at a third of capacity, 12 at half.
 *
 * @param p50Us - base's median, which stands for its service time s
 * @param loadShare - rho, the rate over the capacity; `null` where that is not known
 */
export function burstMs(p50Us: number, loadShare: number | null): number {
  const rho = Math.min(HIGHEST_LOAD_SHARE, loadShare ?? UNKNOWN_LOAD_SHARE);
  const relaxationMs = p50Us / 1000 / (1 - Math.sqrt(rho)) ** 2;
  const wanted = BURST_RELAXATION_TIMES * relaxationMs;
  return Math.round(Math.min(LONGEST_BURST_MS, Math.max(SHORTEST_BURST_MS, wanted)));
}

/**
 * Burst length at capacity, milliseconds: at least 100 ms and ten times what a request takes when every connection is busy
 * (connections over capacity: Little's law).
 */
export function capacityBurstMs(connections: number, capacityPerSecond: number): number {
  const latencyMs = (1000 * connections) / capacityPerSecond;
  return Math.round(Math.min(2000, Math.max(100, CAPACITY_BURST_LATENCIES * latencyMs)));
}

/** The rate that `auto` stands for, requests per second. */
export function autoRate({ requests }: Pick<LoadPlan, "requests">, slowestCapacityPerSecond: number): number {
  const least = slowestCapacityPerSecond * LOWEST_AUTO_SHARE;
  const most = Math.min(HIGHEST_AUTO_RATE, slowestCapacityPerSecond * HIGHEST_AUTO_SHARE);
  const rate = Math.min(most, Math.max(least, requests / AUTO_SECONDS));
  return rate >= 10 ? Math.round(rate) : Math.max(0.1, Math.round(rate * 10) / 10);
}

/** Capacities found in the pilot, requests per second: of the quickest and the slowest arm that serves a scenario. */
interface CapacityRange {
  readonly fastest: number;
  readonly slowest: number;
}

/** Closed-loop requests per arm and block: several bursts of the quickest arm, yet bounded in time for the slowest. */
export function capacityRequests(
  load: LoadPlan,
  { fastest, slowest }: CapacityRange,
  compared: "commits" | "stacks" = "commits",
): number {
  const longest = compared === "stacks" ? LONGEST_STACK_CAPACITY_SECONDS : LONGEST_CAPACITY_SECONDS;
  const wanted = Math.min(fastest * CAPACITY_SECONDS, slowest * longest, 20 * load.requests);
  return Math.max(load.connections * 5, Math.round(wanted));
}

/**
 * Warm-up requests per arm and block: as planned, more for quick arms, and fewer where that would take the slowest one long.
 *
 * @param loads - how many are measured in a block: all warm up the same process
 */
export function warmupRequests(load: LoadPlan, { fastest, slowest }: CapacityRange, loads = 1): number {
  const wanted = Math.max(load.warmup, Math.round((fastest * SHORTEST_WARMUP_SECONDS) / loads));
  return Math.max(load.connections, Math.min(wanted, Math.round(slowest * LONGEST_WARMUP_SECONDS)));
}

/** Whether an arm is so far from serving the rate that its latency will only tell how long the run was. */
export function isFarBelow(capacityPerSecond: number, ratePerSecond: number): boolean {
  return capacityPerSecond < 0.8 * ratePerSecond;
}

/**
 * Requests at the fixed rate per arm and block: as planned. Where an arm is overloaded, no latency will be given, and
 * only as many are sent as are needed to show that.
 */
export function rateRequests(load: LoadPlan, ratePerSecond: number, { slowest }: CapacityRange): number {
  if (!isFarBelow(slowest, ratePerSecond)) return load.requests;
  return Math.min(load.requests, Math.max(10 * load.connections, Math.round(slowest * OVERLOAD_SECONDS)));
}

/** Time that a block's load takes, milliseconds, arms one after the other in bursts. */
export function loadMs(load: FixedLoad): number {
  return load.arms.reduce((sum, arm) => {
    const capacity = Math.max(0.1, load.capacityPerSecond[arm] ?? load.ratePerSecond);
    const closed = (load.warmupRequests + load.capacityRequests) / capacity;
    const open = load.requests / Math.min(load.ratePerSecond, capacity);
    return sum + 1000 * (closed + open * 1.1);
  }, 0);
}

/**
 * How many times more requests a block gets than planned. A service that starts slowly gets more until loading takes
 * as long as starting, as far as the fewest blocks still fit. Where even the most blocks would leave a part of the budget
 * unused, that part goes into longer blocks, because the effect of stalls on a launch averages out with its length.
 */
export function stretch(
  startMs: number,
  blockLoadMs: number,
  {
    budgetMs,
    fewestBlocks,
    mostBlocks = LOOKS.at(-1)!,
  }: { readonly budgetMs: number; readonly fewestBlocks: number; readonly mostBlocks?: number },
): number {
  const untilBlocksLast = (blockMs: number): number => (blockMs - startMs) / blockLoadMs;
  const forSlowStart =
    startMs > SLOW_START_MS
      ? Math.min(LONGEST_STRETCH_FOR_START, startMs / blockLoadMs, untilBlocksLast(budgetMs / fewestBlocks))
      : 1;
  const forBudget = Math.min(LONGEST_STRETCH_FOR_BUDGET, untilBlocksLast(budgetMs / mostBlocks));
  return Math.max(1, forSlowStart, forBudget);
}

/** Blocks that fit the budget, up to forty or a runner's share of them. */
export function maximumBlocks(budgetMs: number, blockMs: number, mostBlocks = LOOKS.at(-1)!): number {
  return Math.min(mostBlocks, Math.floor(budgetMs / blockMs));
}

/** Time that a block of these scenarios takes by the schedule, milliseconds. */
export function blockMs({ loads, estimatedBlockMs }: Schedule, scenarios: readonly string[]): number {
  const left = loads.filter((load) => !scenarios.includes(load.scenario));
  return estimatedBlockMs - left.reduce((sum, load) => sum + loadMs(load), 0);
}

/** Arms that a scenario is measured on, before the pilot has looked whether the baseline knows it. */
export function armsOf(scenario: ScenarioPlan, arms: readonly { name: string; role: string }[]): string[] {
  return arms
    .filter((arm) => !scenario.newInHead || (arm.role !== "base" && arm.role !== "control"))
    .map((arm) => arm.name);
}
