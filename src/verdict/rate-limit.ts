import { addReasons, describeReason } from "../metrics/failure-reasons.js";
import type { Block } from "../model/block.js";
import type { Plan } from "../model/plan.js";

/** "Too Many Requests", RFC 6585. */
const TOO_MANY = "429";
/** A few refusals are errors like others; more, and what is measured is the limiter. */
const TOLERATED_SHARE = 0.01;
const REASONS_NAMED = 2;

/** Whether some arm that runs elsewhere refused so many requests for their rate that its numbers are no service's. */
export function isRateLimited({ deployments }: Plan, blocks: readonly Block[]): boolean {
  if (deployments === undefined) return false;
  return [...refusals(blocks).values()].some(({ refused, requests }) => refused > TOLERATED_SHARE * requests);
}

/** "the service limits its rate: head gave 40 x 429, Retry-After 30 s"; `null` where none does. */
export function describeRateLimits(blocks: readonly Block[]): string | null {
  const parts = Array.from(refusals(blocks)).flatMap(([arm, { refused, reasons }]) => {
    if (refused === 0) return [];
    const told = addReasons(reasons).slice(0, REASONS_NAMED).map(describeReason).join(" and ");
    return [`${arm} gave ${told === "" ? `${refused} x ${TOO_MANY}` : told}`];
  });
  return parts.length === 0 ? null : `the service limits its rate: ${parts.join("; ")}`;
}

interface Refusals {
  readonly requests: number;
  readonly refused: number;
  readonly reasons: NonNullable<Block["arms"][string]["scenarios"][string]["reasons"]>;
}

function refusals(blocks: readonly Block[]): Map<string, Refusals> {
  const byArm = new Map<string, Refusals>();
  for (const { arms } of blocks) {
    for (const [arm, { scenarios }] of Object.entries(arms)) {
      for (const { requests, statuses, reasons = [] } of Object.values(scenarios)) {
        const before = byArm.get(arm) ?? { requests: 0, refused: 0, reasons: [] };
        byArm.set(arm, {
          requests: before.requests + requests,
          refused: before.refused + (statuses[TOO_MANY] ?? 0),
          reasons: [...before.reasons, ...reasons.filter(({ reason }) => reason.startsWith(TOO_MANY))],
        });
      }
    }
  }
  return byArm;
}
