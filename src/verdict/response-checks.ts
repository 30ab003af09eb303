import { descriptorOf } from "../metrics/metrics.js";
import type { Plan } from "../model/plan.js";
import type { Block } from "../model/block.js";
import type { ScenarioMeasurement } from "../metrics/measurement.js";
import { bytesPerResponse, observationsOf, OTHER_SIZE } from "./response-size.js";
import type { ResultCell } from "../model/result.js";
import { formatNumber, formatPercent } from "../text/format-quantity.js";

/** Statuses whose share moved by more than this are not the same statuses. */
const MOVED_STATUSES = 0.01;

/**
 * A scenario that improved while its responses got smaller or changed their statuses: fast because broken, perhaps.
 *
 * @returns a sentence a scenario and arm; empty where nothing is suspicious
 */
export function suspiciousImprovements(
  plan: Plan,
  blocks: readonly Block[],
  cells: readonly ResultCell[],
): string[] {
  const faster = new Map<string, ResultCell>();
  for (const cell of cells) {
    const key = JSON.stringify([cell.scenario, cell.arm]);
    if (
      cell.scenario !== null &&
      descriptorOf(cell.metric).improvesWhenBroken &&
      cell.verdict === "improved" &&
      !faster.has(key)
    ) {
      faster.set(key, cell);
    }
  }
  return [...faster.values()].flatMap((cell) => {
    const scenario = cell.scenario!;
    const before = observationsOf(blocks, plan.baseline, scenario);
    const after = observationsOf(blocks, cell.arm, scenario);
    const difference = responsesDiffer(before, after);
    if (difference === null) return [];
    return `\`${scenario}\` improved (${cell.metric} by ${formatPercent(Math.abs(cell.change ?? 0))}), but ${difference}; it may be faster because it is broken`;
  });
}

function responsesDiffer(
  before: readonly ScenarioMeasurement[],
  after: readonly ScenarioMeasurement[],
): string | null {
  const [was, is] = [bytesPerResponse(before), bytesPerResponse(after)];
  if (was === null || is === null) return null;
  if (is < was * (1 - OTHER_SIZE)) {
    return `its responses are ${formatNumber(is)} bytes long where they were ${formatNumber(was)}`;
  }
  const shares = [statusShares(before), statusShares(after)] as const;
  const statuses = [...new Set([...shares[0].keys(), ...shares[1].keys()])].sort();
  const moved = statuses.find(
    (status) => Math.abs((shares[0].get(status) ?? 0) - (shares[1].get(status) ?? 0)) > MOVED_STATUSES,
  );
  if (moved === undefined) return null;
  const [wasShare, isShare] = shares.map((share) => formatPercent(share.get(moved) ?? 0)) as [string, string];
  return `${isShare} of its responses have status ${moved} where it was ${wasShare}`;
}

function statusShares(of: readonly ScenarioMeasurement[]): Map<string, number> {
  const counts = new Map<string, number>();
  for (const one of of) {
    for (const [status, count] of Object.entries(one.statuses)) {
      counts.set(status, (counts.get(status) ?? 0) + count);
    }
  }
  const total = [...counts.values()].reduce((sum, count) => sum + count, 0);
  return new Map([...counts].map(([status, count]) => [status, count / total]));
}
