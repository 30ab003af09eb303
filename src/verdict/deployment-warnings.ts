import { descriptorOf } from "../metrics/metrics.js";
import type { Block } from "../model/block.js";
import { isOfTheseDeployments } from "../model/deployments.js";
import type { Plan } from "../model/plan.js";
import type { ResultCell, Warning } from "../model/result.js";
import { median } from "../stats/quantile.js";
import { quoted } from "../text/escape.js";
import { formatDuration, formatPercent } from "../text/format-quantity.js";
import { NEGLIGIBLE_SHARE } from "./judging/tested-row.js";
import { describeCell } from "./reason.js";
import { describeRateLimits } from "./rate-limit.js";

/** What a reader should know of services that run elsewhere; nothing where they run here. */
export function deploymentWarnings(
  plan: Plan,
  blocks: readonly Block[],
  cells: readonly ResultCell[],
): Warning[] {
  if (plan.deployments === undefined) return [];
  const limited = describeRateLimits(blocks);
  return [
    ...(isOfTheseDeployments(plan) && blocks.length > 0 ? [THESE_ALONE] : []),
    ...networkDoubts(plan, blocks, cells),
    ...(limited === null ? [] : [{ code: "rate-limited", message: limited }]),
  ];
}

const THESE_ALONE: Warning = {
  code: "these-deployments",
  message:
    "each arm is one deployment: what is found holds for these deployments, and another one of the same code may be quicker or slower. A second deployment of base as the arm `control`, or a `redeploy` command, shows by how much",
};

/** Where the way to one arm is longer by as much as matters to a gated latency: one sentence for each candidate. */
function networkDoubts(plan: Plan, blocks: readonly Block[], cells: readonly ResultCell[]): Warning[] {
  const base = roundTripUs(blocks, plan.baseline);
  if (base === null) return [];
  return plan.arms.flatMap(({ name }) => {
    const own = name === plan.baseline ? null : roundTripUs(blocks, name);
    if (own === null) return [];
    const apartUs = Math.abs(own - base);
    const [tightest] = cells
      .flatMap((cell) => {
        const { arm, gated, baseline, effectiveLimit } = cell;
        if (arm !== name || !gated || baseline === null || effectiveLimit === null) return [];
        return descriptorOf(cell.metric).isLatency
          ? [{ cell, baseline, allowedUs: effectiveLimit * baseline }]
          : [];
      })
      .sort((a, b) => a.allowedUs - b.allowedUs);
    if (tightest === undefined || apartUs <= NEGLIGIBLE_SHARE * tightest.allowedUs) return [];
    const [longer, shorter] = own > base ? [name, plan.baseline] : [plan.baseline, name];
    return {
      code: "network-differs",
      message:
        `the way to ${quoted(longer)} is longer than that to ${quoted(shorter)}: ${formatDuration(Math.max(own, base))} there and back, against ${formatDuration(Math.min(own, base))}. ` +
        `That is ${formatPercent(apartUs / tightest.baseline)} of ${describeCell(tightest.cell, plan)}, and not the code's doing: let both run in the same place, or measure from a place as far from both`,
    };
  });
}

/**
 * Median over the blocks of one way there and back; `null` where it was not measured. A TLS handshake is one too, and shows
 * what lies behind a proxy that takes connections itself. A bare request is not used: head's own code is a part of it.
 */
function roundTripUs(blocks: readonly Block[], arm: string): number | null {
  const known = blocks.flatMap((block) => {
    const network = block.arms[arm]?.network;
    return network === undefined ? [] : [Math.max(network.connectUs, network.tlsUs ?? 0)];
  });
  return known.length === 0 ? null : median(known);
}
