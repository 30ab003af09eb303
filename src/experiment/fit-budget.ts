import { TailgateError } from "../error.js";
import type { LoadPlan } from "../model/scenario-plan.js";
import type { FixedLoad } from "../model/schedule.js";
import { fewestBlocksForRed, LOOKS, MINIMUM_BLOCKS } from "../stats/alpha-spending.js";
import { formatDuration } from "../text/format-quantity.js";
import { loadMs, maximumBlocks, PILOT_SHARE, stretch } from "./load-size.js";

/** Fewer requests than this do not give a median worth comparing. */
const LEAST_REQUESTS = 50;
/** A closed burst in which each connection has its turn so often still has a rate: the first and the last do not count. */
const LEAST_TURNS_OF_BURST = 5;
/** A closed loop keeps two such bursts for each arm, unless it was planned shorter: of a slow service one lasts long enough. */
const LEAST_TURNS = 2 * LEAST_TURNS_OF_BURST;
/**
 * Bursts of a closed loop, as far as they hold their turns: with one for each arm nothing would be taken in turns, and
 * whatever else the machine did just then would be one arm's alone.
 */
const WANTED_BURSTS = 4;
/**
 * Share of the budget that the blocks up to the first look take at most where closed loops are longer than planned, and where
 * several scenarios had to give up requests: the rest is for what is not settled there.
 */
const FIRST_LOOK_SHARE = 0.75;

/** One scenario's load as planned, and what it may not fall below. */
export interface SizedLoad {
  readonly load: FixedLoad;
  readonly plan: LoadPlan;
}

export interface Budget {
  /** Of the whole run: pilot and blocks. */
  readonly budgetMs: number;
  /** What the pilot took of it. */
  readonly pilotMs: number;
  /** Starting and stopping all arms of a block. */
  readonly overheadMs: number;
  readonly alpha: number;
  /**
   * Among how many runners the blocks are divided: each measures its share of them, fixed before its first. Left out: one
   * runner measures all, and is judged at looks.
   */
  readonly runners?: number;
}

/** Share of the budget that is planned with where blocks get fewer requests: not all are as short as estimated. */
const PLANNED_SHARE = 0.9;
/**
 * Share of the budget that forty blocks fill where they get more requests. The first look comes after twelve of them: a tenth
 * shorter, they bring a clear answer a tenth sooner, at the price of a twentieth more noise in each.
 */
const FILLED_SHARE = 0.8;
/**
 * How many times as long as planned closed loops are where the first look leaves room for it: throughput is noisier than the
 * median, so its row would stay open longest.
 */
const ROOMY_CLOSED_LOOP = 5 / 3;

/**
 * A budget is refused where the fewest blocks would take so many times as long. The estimate rests on one launch, which
 * a busy machine may have slowed down; below this the run begins, and ends with its budget.
 */
const REFUSED_FROM = 2;

export interface FittedBlocks {
  readonly loads: readonly FixedLoad[];
  readonly estimatedBlockMs: number;
  readonly maximumBlocks: number;
}

/**
 * Sizes the blocks so that the budget is kept. Where the first look leaves room, closed loops are longer; what forty blocks
 * would still leave over goes into longer blocks. Where not even the first look fits, scenarios that take long get fewer
 * requests; only then there are fewer blocks.
 *
 * @param notes - takes what the user has to know where the budget may not be enough
 * @throws TailgateError "config" where the budget cannot give any verdict; names one that can
 */
export function fitBudget(sized: readonly SizedLoad[], budget: Budget, notes: string[] = []): FittedBlocks {
  const { budgetMs, pilotMs, overheadMs } = budget;
  const leftMs = budgetMs - pilotMs;
  const { fewest, firstLook, most } = blockCounts(budget);
  const planned = sized.map(({ load }) => load);
  const roomy = planned.map((load) => longer(load, { closed: ROOMY_CLOSED_LOOP }));
  const untilFirstLook = (share: number): number => (leftMs * share) / firstLook - overheadMs;
  const hasRoom = budget.runners === undefined && totalMs(roomy) <= untilFirstLook(FIRST_LOOK_SHARE);
  const full = hasRoom ? roomy : planned;
  if (totalMs(full) <= untilFirstLook(1)) {
    const times = stretch(overheadMs, totalMs(full), {
      budgetMs: leftMs * FILLED_SHARE,
      fewestBlocks: fewest,
      mostBlocks: most,
    });
    return fitted(
      sized,
      full.map((load) => longer(load, { open: times, closed: times })),
      budget,
    );
  }
  const roomMs = untilFirstLook(sized.length > 1 ? FIRST_LOOK_SHARE : PLANNED_SHARE);
  const leastMs = totalMs(shrunk(sized, 0));
  if (leastMs <= roomMs) return fitted(sized, shrunkTo(sized, roomMs), budget);

  const blocks = Math.min(firstLook, Math.floor((leftMs * PLANNED_SHARE) / (overheadMs + leastMs)));
  if (blocks >= fewest) {
    return fitted(sized, shrunkTo(sized, (leftMs * PLANNED_SHARE) / blocks - overheadMs), budget);
  }
  const neededMs = fewest * (overheadMs + leastMs);
  const refusal = budgetTooSmall(neededMs, budget);
  if (neededMs >= REFUSED_FROM * leftMs) throw refusal;
  notes.push(`${refusal.message.replace("cannot", "may not")} ${refusal.hint}`);
  return fitted(sized, shrunk(sized, 0), budget);
}

/**
 * The same for shards that measure different scenarios: each keeps the budget, and all measure the same number of blocks.
 *
 * @param groups - one for each shard
 */
export function fitGroups(
  groups: readonly (readonly SizedLoad[])[],
  budget: Budget,
  notes: string[],
): FittedBlocks {
  const each = groups.map((group) => fitBudget(group, budget, notes));
  return {
    loads: each.flatMap(({ loads }) => loads),
    estimatedBlockMs: Math.max(...each.map(({ estimatedBlockMs }) => estimatedBlockMs)),
    maximumBlocks: Math.min(...each.map((one) => one.maximumBlocks)),
  };
}

/** Blocks below which a run can say nothing: neither red nor, with its limits, green. */
export function fewestForVerdict(alpha: number): number {
  const forRed = fewestBlocksForRed(alpha);
  return Number.isFinite(forRed) ? forRed : MINIMUM_BLOCKS;
}

/** Numbers of blocks that one runner plans with. */
function blockCounts({ alpha, runners = 1 }: Budget): {
  readonly fewest: number;
  readonly firstLook: number;
  readonly most: number;
} {
  const share = (blocks: number): number => Math.ceil(blocks / runners);
  return { fewest: share(fewestForVerdict(alpha)), firstLook: share(LOOKS[0]!), most: share(LOOKS.at(-1)!) };
}

function fitted(sized: readonly SizedLoad[], fitting: readonly FixedLoad[], budget: Budget): FittedBlocks {
  const loads = fitting.map((load, index) => inTurns(load, sized[index]!.plan));
  const { budgetMs, pilotMs, overheadMs } = budget;
  const { fewest, firstLook, most: mostBlocks } = blockCounts(budget);
  const estimatedBlockMs = overheadMs + totalMs(loads);
  const leftMs = budgetMs - pilotMs;
  const whole = Math.max(fewest, maximumBlocks(leftMs, estimatedBlockMs, mostBlocks));
  // Shards drop nothing on the way: nobody judges there.
  if (budget.runners !== undefined) return { loads, estimatedBlockMs, maximumBlocks: whole };
  if (loads.length === 1 || whole < firstLook) return { loads, estimatedBlockMs, maximumBlocks: whole };
  // After the first look only the cheapest may be left.
  const afterMs = leftMs - firstLook * estimatedBlockMs;
  const cheapestMs = overheadMs + Math.min(...loads.map(loadMs));
  const most = firstLook + Math.floor(Math.max(0, afterMs) / cheapestMs);
  return { loads, estimatedBlockMs, maximumBlocks: Math.max(whole, Math.min(LOOKS.at(-1)!, most)) };
}

/** Fewer requests for those that take longest, until a block's load takes no longer than `roomMs`. */
function shrunkTo(sized: readonly SizedLoad[], roomMs: number): FixedLoad[] {
  let [fits, tooLong] = [0, Math.max(...sized.map(({ load }) => loadMs(load)))];
  for (let step = 0; step < 40; step++) {
    const middle = (fits + tooLong) / 2;
    if (totalMs(shrunk(sized, middle)) <= roomMs) fits = middle;
    else tooLong = middle;
  }
  return shrunk(sized, fits);
}

/** Every load that takes longer than `mostMs` gets as many requests as fit in that, but not below the least. */
function shrunk(sized: readonly SizedLoad[], mostMs: number): FixedLoad[] {
  return sized.map(({ load, plan }) => {
    const share = Math.min(1, mostMs / loadMs(load));
    const part = (requests: number, least: number): number =>
      Math.max(Math.min(requests, least), Math.floor(requests * share));
    return {
      ...load,
      requests: part(load.requests, LEAST_REQUESTS),
      warmupRequests: part(load.warmupRequests, plan.connections),
      capacityRequests: part(load.capacityRequests, plan.connections * LEAST_TURNS),
    };
  });
}

/** With closed bursts so short that each arm has several. */
function inTurns(load: FixedLoad, { connections }: LoadPlan): FixedLoad {
  const known = Object.values(load.capacityPerSecond).filter((perSecond) => perSecond !== null);
  if (known.length === 0) return load;
  const requests = Math.max(load.capacityRequests / WANTED_BURSTS, LEAST_TURNS_OF_BURST * connections);
  const mostMs = Math.max(1, Math.round((1000 * requests) / Math.max(...known)));
  return { ...load, capacityBurstMs: Math.min(load.capacityBurstMs, mostMs) };
}

/** So many times as many requests in the open and in the closed loop. */
function longer(load: FixedLoad, times: { readonly open?: number; readonly closed: number }): FixedLoad {
  return {
    ...load,
    requests: Math.floor(load.requests * (times.open ?? 1)),
    capacityRequests: Math.floor(load.capacityRequests * times.closed),
  };
}

function totalMs(loads: readonly FixedLoad[]): number {
  return loads.reduce((sum, load) => sum + loadMs(load), 0);
}

function budgetTooSmall(leastMs: number, budget: Budget): TailgateError {
  const { budgetMs, pilotMs, alpha } = budget;
  const blocksMs = leastMs / PLANNED_SHARE;
  const neededMs = Math.max(blocksMs / (1 - PILOT_SHARE), blocksMs + pilotMs);
  const seconds = Math.ceil((1.05 * neededMs) / 10_000) * 10;
  const enough = seconds % 60 === 0 ? `${seconds / 60}m` : `${seconds}s`;
  return new TailgateError(
    "config",
    `A budget of ${formatDuration(budgetMs * 1000)} cannot give any verdict: with an alpha of ${alpha * 100} %, ` +
      `${blockCounts(budget).fewest} blocks${budget.runners === undefined ? "" : " a runner"} are the fewest that can, and the shortest take about ${formatDuration(leastMs * 1000)}; ` +
      `finding the rate took ${formatDuration(pilotMs * 1000)}.`,
    `Set \`budget\` to ${enough} or more, or measure fewer scenarios.`,
  );
}
