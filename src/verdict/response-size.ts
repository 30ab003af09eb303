import type { Plan } from "../model/plan.js";
import type { Block } from "../model/block.js";
import type { ScenarioMeasurement } from "../metrics/measurement.js";
import { median } from "../stats/quantile.js";
import { ownProperty } from "./measured-metric.js";
import { formatBytes, formatSignedPercent } from "../text/format-quantity.js";

/** Responses whose size changed by more than this share are not the same responses. */
export const OTHER_SIZE = 0.1;

/**
 * Scenarios whose responses grew: more to make, to send and to read, which a network charges and a loopback hardly does.
 *
 * @returns a sentence a scenario and candidate; empty where none grew
 */
export function grownResponses(plan: Plan, blocks: readonly Block[]): string[] {
  const candidates = plan.arms.filter(({ role }) => role === "head");
  return plan.scenarios.flatMap(({ name, mix }) =>
    // What is mixed is told part by part.
    (mix === undefined ? candidates : []).flatMap(({ name: arm }) => {
      const [was, is] = [plan.baseline, arm].map((of) => bytesPerResponse(observationsOf(blocks, of, name)));
      if (was == null || is == null || was === 0 || is <= was * (1 + OTHER_SIZE)) return [];
      return `\`${name}\`: responses of ${arm} have ${formatBytes(is)}, those of ${plan.baseline} ${formatBytes(was)} (${formatSignedPercent(is / was - 1)})`;
    }),
  );
}

/** Median length of the bodies, over blocks; `null` where there is no response. */
export function bytesPerResponse(observed: readonly ScenarioMeasurement[]): number | null {
  const withResponse = observed.filter(({ statuses }) => Object.keys(statuses).length > 0);
  return withResponse.length === 0 ? null : median(withResponse.map((one) => one.bytesPerResponse));
}

/** What was observed of an arm's scenario, one of each block that has it. */
export function observationsOf(
  blocks: readonly Block[],
  arm: string,
  scenario: string,
): readonly ScenarioMeasurement[] {
  return blocks
    .map((block) => ownProperty(block.arms[arm]?.scenarios ?? {}, scenario))
    .filter((observed) => observed !== undefined);
}
