import type { ScenarioPlan } from "../model/scenario-plan.js";

/** A scenario with a load of its own, and where it is a mix, the scenarios that are sent in it. */
export interface SentLoad {
  readonly scenario: ScenarioPlan;
  /** In the order of the mix's weights; empty where nothing is mixed. */
  readonly parts: readonly ScenarioPlan[];
}

/** What is sent by itself: scenarios that are parts of a mix go with it. */
export function sentLoads(scenarios: readonly ScenarioPlan[]): SentLoad[] {
  return scenarios
    .filter(({ partOf }) => partOf === undefined)
    .map((scenario) => ({
      scenario,
      parts: Object.keys(scenario.mix ?? {}).map((part) => scenarios.find(({ name }) => name === part)!),
    }));
}

/** What is still to be measured: a mix as long as anything of it is open. */
export function withoutSettled(
  scenarios: readonly ScenarioPlan[],
  settled: ReadonlySet<string>,
): readonly ScenarioPlan[] {
  const loadOf = ({ name, partOf }: ScenarioPlan): string => partOf ?? name;
  const open = new Set(scenarios.filter(({ name }) => !settled.has(name)).map(loadOf));
  return scenarios.filter((scenario) => open.has(loadOf(scenario)));
}
