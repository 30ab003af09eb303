import { TailgateError } from "../error.js";
import type { ScenarioPlan } from "../model/scenario-plan.js";
import { meant } from "./file/nearest.js";

/**
 * The scenario that was asked for, or all where none was. A part of a mix is only itself beside the others: then all of
 * the mix stays.
 *
 * @throws TailgateError "config" for a name that is none
 */
export function onlyScenario(scenarios: readonly ScenarioPlan[], name: string | null): ScenarioPlan[] {
  if (name === null) return [...scenarios];
  const asked = scenarios.find((scenario) => scenario.name === name);
  if (asked === undefined) {
    const names = scenarios.map((scenario) => scenario.name);
    throw new TailgateError(
      "config",
      `There is no scenario ${JSON.stringify(name.slice(0, 80))}; ${meant(name.slice(0, 300), names.slice(0, 50))}`,
      "Name scenarios as they are called: by `name`, or by method and path.",
    );
  }
  const whole = asked.mix === undefined ? asked.partOf : asked.name;
  if (whole === undefined) return [asked];
  return scenarios.filter((scenario) => scenario.name === whole || scenario.partOf === whole);
}
