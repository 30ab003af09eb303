import { TailgateError } from "../error.js";
import type { Plan } from "../model/plan.js";
import type { ScenarioPlan } from "../model/scenario-plan.js";

/**
 * The scenarios of each shard where whole scenarios are divided: dealt out in the order of the plan, a mix with all that
 * is sent in it.
 *
 * @throws TailgateError "config" for more shards than there are scenarios
 */
export function scenariosOfShards(
  { scenarios }: Pick<Plan, "scenarios">,
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
  return Array.from({ length: shards }, (_, shard) => {
    const own = new Set(sent.filter((_, place) => place % shards === shard).map(({ name }) => name));
    return scenarios.filter(({ name, partOf }) => own.has(partOf ?? name));
  });
}
