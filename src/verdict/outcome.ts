import { descriptorOf } from "../metrics/metrics.js";
import type { Plan } from "../model/plan.js";
import type { Block } from "../model/block.js";
import type { ResultCell, RunVerdict } from "../model/result.js";
import type { Measured } from "./observations-from-blocks.js";
import type { Judgement } from "../model/judgement.js";
import type { Overload } from "./overload.js";
import {
  describeCell,
  describeFailing,
  formatMinutes,
  listed,
  describeOverload,
  describeUnsettled,
  describeWorsening,
} from "./reason.js";
import { quoted } from "../text/escape.js";
import { blocksToSettle } from "./judging/required-blocks.js";
import { type Doubt, ENOUGH_BLOCKS } from "./machine-in-doubt.js";
import { describeRateLimits, isRateLimited } from "./rate-limit.js";
import { bySeverity } from "./severity.js";
import { testedRow } from "./judging/tested-row.js";

/** Everything of a run that its verdict and its sentence rest on. */
export interface Findings {
  readonly plan: Plan;
  readonly blocks: readonly Block[];
  readonly judgement: Judgement | null;
  readonly measured: Measured;
  readonly cells: readonly ResultCell[];
  /** Of candidates that are not the control. */
  readonly overloads: readonly Overload[];
  /** Why this machine is not believed when it shows a regression, and the rows as the test alone sees them. */
  readonly doubted: { readonly doubt: Doubt; readonly cells: readonly ResultCell[] } | null;
}

/** Verdict and reason. */
export interface Outcome {
  readonly verdict: RunVerdict;
  readonly reason: string;
}

/** What the findings amount to, the strongest claim first. */
export function outcomeOf(findings: Findings): Outcome {
  return (
    withoutBaseline(findings) ??
    limitedInRate(findings) ??
    nothingServed(findings) ??
    unserved(findings) ??
    controlDiffers(findings) ??
    regressed(findings) ??
    inDoubt(findings) ??
    passed(findings) ??
    unsettled(findings)
  );
}

function withoutBaseline({ plan, cells }: Findings): Outcome | null {
  const ofScenarios = cells.filter((cell) => cell.scenario !== null);
  if (ofScenarios.length === 0 || ofScenarios.some((cell) => cell.verdict !== "no-baseline")) return null;
  return {
    verdict: "no-baseline",
    reason: `${quoted(plan.baseline)} has none of the scenarios, so there is nothing to compare with`,
  };
}

/** What a service elsewhere refuses for its rate says nothing of its code, whichever arm it hits. */
function limitedInRate({ plan, blocks }: Findings): Outcome | null {
  if (!isRateLimited(plan, blocks)) return null;
  return {
    verdict: "invalid",
    reason: `${describeRateLimits(blocks)!}; lower \`load.rate\` or \`max-rate\`, or let it make an exception for this job`,
  };
}

/** Where neither arm gave an expected response, the expectation is wrong, not the speed. */
function nothingServed({ measured, blocks }: Findings): Outcome | null {
  const scenarios = measured.setAside
    .filter(({ kind, metric }) => kind === "unavailable" && descriptorOf(metric).isLatency)
    .map(({ scenario }) => quoted(scenario!));
  if (scenarios.length === 0 || blocks.length === 0) return null;
  const list = listed([...new Set(scenarios)]);
  return { verdict: "invalid", reason: `neither arm gave an expected response to any request of ${list}` };
}

/** Requests that fail, and a rate that only the baseline can serve. */
function unserved({ plan, blocks, cells, overloads }: Findings): Outcome | null {
  const failing = cells.filter(
    (cell) => cell.verdict === "failing" && descriptorOf(cell.metric).countsFailures,
  );
  const sentences = [
    ...failing.map((cell) => describeFailing(cell, plan, blocks)),
    ...overloads.filter((overload) => overload.baselineServes).map(describeOverload),
  ];
  return sentences.length === 0 ? null : { verdict: "regression", reason: listed(sentences) };
}

function controlDiffers({ plan, cells, measured }: Findings): Outcome | null {
  const control = measured.observations.control;
  const differing = cells.filter(
    (cell) =>
      cell.arm === control && cell.gated && (cell.verdict === "regressed" || cell.verdict === "improved"),
  );
  if (differing.length === 0) return null;
  const list = listed(differing.map((cell) => describeCell(cell, plan)));
  return {
    verdict: "inconclusive",
    reason: `the control, a second copy of the baseline, differs from it by more than the limit in ${list}, so no difference can be blamed on the code`,
  };
}

function regressed(findings: Findings): Outcome | null {
  const { plan } = findings;
  const failing = worseIn(findings);
  const worst = failing[0];
  if (worst === undefined) return null;
  const others = failing.length - 1;
  const more = others === 0 ? "" : `, and ${others} more ${others === 1 ? "metric" : "metrics"} regressed`;
  return { verdict: "regression", reason: `${describeWorsening(worst, plan)}${more}` };
}

/** Rows that make a run a regression, the worst first. */
function worseIn(findings: Pick<Findings, "cells" | "measured">): readonly ResultCell[] {
  return compared(findings)
    .filter((cell) => cell.gated && cell.verdict === "regressed" && cell.accepted === null)
    .sort(bySeverity);
}

/** What would be a regression on a machine that had less to do, or in more blocks. */
function inDoubt({ plan, measured, blocks, doubted }: Findings): Outcome | null {
  if (doubted === null) return null;
  const worst = worseIn({ measured, cells: doubted.cells })[0];
  if (worst === undefined) return null;
  const { why, goesWithMoreBlocks } = doubted.doubt;
  const settling = goesWithMoreBlocks
    ? `, and ${blocks.length} blocks are too few to even that out; a budget for ${ENOUGH_BLOCKS} blocks, ` +
      `about ${formatMinutes(meanBlockMs(blocks) * ENOUGH_BLOCKS)}, or a quieter machine would settle it`
    : "; a quieter machine would settle it";
  const shown = describeWorsening(worst, plan);
  return {
    verdict: "inconclusive",
    reason: `${shown}, but other work disturbed this machine: ${why}${settling}`,
  };
}

function passed(findings: Findings): Outcome | null {
  const { plan, judgement } = findings;
  if (judgement?.verdict !== "pass" || lost(findings).length > 0) return null;
  const cells = compared(findings).filter((cell) => cell.gated);
  const proven = cells.filter(({ verdict }) => verdict === "unchanged" || verdict === "improved");
  const open = cells.filter((cell) => cell.verdict === "inconclusive");
  const accepted = cells.filter((cell) => cell.accepted !== null);
  const parts = [
    proven.length === 0
      ? "no gated metric is shown to be worse than its limit, and none needs proof"
      : proven.length === 1
        ? `${describeCell(proven[0]!, plan)} is shown to be within its limit`
        : `${proven.length} metrics are shown to be within their limits`,
  ];
  if (accepted.length > 0) {
    const until = accepted.map(
      (cell) => `${describeWorsening(cell, plan)} and accepted until ${cell.accepted!.until}`,
    );
    parts.push(listed(until));
  }
  if (open.length > 0) {
    // What could have been seen of them stands with each row.
    parts.push(
      `not settled (a pass does not wait for these): ${listed(open.map((cell) => describeCell(cell, plan)))}`,
    );
  }
  return { verdict: "pass", reason: parts.join("; ") };
}

function unsettled(findings: Findings): Outcome {
  const { plan, blocks, judgement } = findings;
  const missing = lost(findings);
  if (missing.length > 0) {
    return { verdict: "inconclusive", reason: listed(missing) };
  }
  const gated = compared(findings).filter((cell) => cell.gated);
  const open = gated.filter((cell) => cell.proof && cell.verdict === "inconclusive");
  const count = judgement?.look ?? blocks.length;
  const after = `after ${count} ${count === 1 ? "block" : "blocks"}`;
  if (gated.length === 0) {
    const reason = plan.arms.every(({ role }) => role === "stack")
      ? "no limit was asked for, so the figures stand by themselves"
      : "no metric is gated, so nothing could be shown";
    return { verdict: "inconclusive", reason };
  }
  const list = listed(open.map((cell) => describeUnsettled(cell, plan)));
  return {
    verdict: "inconclusive",
    reason: `${after} neither a regression nor staying within the limit is shown for ${list}${budgetAdvice(findings, open)}`,
  };
}

/** Gated metrics that need proof and have no number to prove it with, in words. */
function lost(findings: Findings): string[] {
  const { plan, measured } = findings;
  return compared(findings)
    .filter((cell) => cell.verdict === "unavailable" && cell.proof && cell.limit !== null)
    .filter((cell) => {
      const aside = measured.setAside.find(
        ({ scenario, metric, arm }) =>
          scenario === cell.scenario && metric === cell.metric && arm === cell.arm,
      );
      // What cannot be measured at all switches its gate off; what was lost on the way is missed.
      return aside === undefined || aside.kind === "lost";
    })
    .map(
      (cell) => `${describeCell(cell, plan)} cannot be judged: ${cell.ungatedBecause ?? "it has no number"}`,
    );
}

/** How long it would have to be measured for all of these to be settled, if they stay as they were seen. */
function budgetAdvice({ measured, blocks }: Findings, open: readonly ResultCell[]): string {
  const { observations } = measured;
  if (blocks.length < 2) return "";
  const needed = open.map((cell) => {
    const observed = observations.cells.find(
      ({ scenario, metric }) => scenario === cell.scenario && metric === cell.metric,
    );
    if (observed === undefined) return null;
    return blocksToSettle(testedRow(observed, observations.baseline, cell.arm, observations.strict));
  });
  if (needed.length === 0) return "";
  if (needed.includes(null)) return "; with this noise no practical budget would settle it";
  if (observations.runners !== undefined) {
    const times = Math.max(...needed.map(Number)) / blocks.length;
    const shards = Math.ceil(times * new Set(observations.runners).size);
    return `; about ${shards} shards like these would settle it if the noise stays as it is`;
  }
  const total = formatMinutes(meanBlockMs(blocks) * Math.max(...needed.map(Number)));
  return `; a budget of about ${total} would settle it if the noise stays as it is`;
}

function meanBlockMs(blocks: readonly Block[]): number {
  return blocks.reduce((sum, block) => sum + block.durationMs, 0) / blocks.length;
}

/** Cells of candidates, without those of the control. */
function compared({ cells, measured }: Pick<Findings, "cells" | "measured">): readonly ResultCell[] {
  return cells.filter((cell) => cell.arm !== measured.observations.control);
}
