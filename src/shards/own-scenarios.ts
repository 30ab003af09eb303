import { TailgateError } from "../error.js";
import type { Plan } from "../model/plan.js";
import type { ScenarioPlan } from "../model/scenario-plan.js";
import type { FixedLoad } from "../model/schedule.js";

/** Warm-up and capacity take about this long for every scenario, whatever its rate. */
const ELSE_SECONDS = 1;

/** Scenarios of one shard, and about how long a block of them takes an arm. */
interface Share {
  readonly names: Set<string>;
  seconds: number;
}

/**
 * The scenarios of each shard where whole scenarios are divided, a mix with all that is sent in it. They are dealt by what they
 * cost, the longest first and always to the shard that has least to do; the pilot's rates tell, so that every shard and the
 * merge deal alike.
 *
 * @param loads - what the pilot settled; of one that no arm serves there is none
 * @throws TailgateError "config" for more shards than there are scenarios
 */
export function scenariosOfShards(
  { scenarios }: Pick<Plan, "scenarios">,
  loads: readonly Pick<FixedLoad, "scenario" | "ratePerSecond">[],
  shards: number,
): readonly (readonly ScenarioPlan[])[] {
  const sent = scenarios.filter(({ partOf }) => partOf === undefined);
  if (sent.length < shards) {
    throw new TailgateError(
      "config",
      `${shards} shards cannot divide ${sent.length} ${sent.length === 1 ? "scenario" : "scenarios"} among them.`,
      `Use ${sent.length} shards at most, or \`shard-by: blocks\`.`,
    );
  }
  const shares = Array.from({ length: shards }, (): Share => ({ names: new Set(), seconds: 0 }));
  const costs = sent.map((scenario) => ({ scenario, seconds: blockSeconds(scenario, loads) }));
  for (const { scenario, seconds } of costs.sort((a, b) => b.seconds - a.seconds)) {
    const least = shares.reduce((found, share) => (share.seconds < found.seconds ? share : found));
    least.names.add(scenario.name);
    least.seconds += seconds;
  }
  return shares.map(({ names }) => scenarios.filter(({ name, partOf }) => names.has(partOf ?? name)));
}

/** As planned, before the budget shrinks it: the budget shrinks those of one shard alike. */
function blockSeconds(
  { name, load }: ScenarioPlan,
  loads: readonly Pick<FixedLoad, "scenario" | "ratePerSecond">[],
): number {
  const fixed = loads.find(({ scenario }) => scenario === name);
  return ELSE_SECONDS + (fixed === undefined ? 0 : load.requests / fixed.ratePerSecond);
}
