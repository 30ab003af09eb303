import type { Plan } from "./plan.js";
import type { ScenarioPlan } from "./scenario-plan.js";

/** Name of the load that a scenario is sent in: its own, or that of the mix that it is a part of. */
export function loadOf({ scenarios }: Pick<Plan, "scenarios">, scenario: string | null): string | null {
  return scenarios.find(({ name }) => name === scenario)?.partOf ?? scenario;
}

/** Which part of its load's requests are of a scenario: all, or of a mix about its share by weight. */
export function shareOfLoad({ scenarios }: Pick<Plan, "scenarios">, { name, partOf }: ScenarioPlan): number {
  const mix = scenarios.find((one) => one.name === partOf)?.mix;
  if (mix === undefined) return 1;
  const total = Object.values(mix).reduce((sum, weight) => sum + weight, 0);
  return (mix[name] ?? 0) / total;
}
