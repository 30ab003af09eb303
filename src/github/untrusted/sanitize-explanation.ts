import { answerInWords, isWaiting, isWaitingAtTail, type Findings } from "../../explanation/sentences.js";
import {
  MOST_NAMED_FUNCTIONS,
  type Explanation,
  type Finding,
  type NamedFunction,
} from "../../model/explanation.js";
import type { Plan } from "../../model/plan.js";
import type { ProfiledFunction } from "../../model/profile.js";
import { nameForReport } from "./short-text.js";

/**
 * A claimed explanation with numbers and short names only, at most as many as a report names. Its sentences are made
 * anew from the numbers; what instruments said and the tree of all functions are left out.
 */
export function sanitizedExplanation(claimed: Explanation | null, plan: Plan): Explanation | null {
  if (claimed === null) return null;
  const { scenario, arm, blocks, functionsLookedAt, serviceCpu, latency, p99, durationMs } = claimed;
  const findings: Findings = {
    scenario: plan.scenarios.some(({ name }) => name === scenario) ? scenario : null,
    arm: plan.arms.some(({ name }) => name === arm) ? arm : null,
    finding: possibleFinding(claimed),
    instruments: [],
    blocks,
    functionsLookedAt,
    named: claimed.named.slice(0, MOST_NAMED_FUNCTIONS).map(withShortNames),
    serviceCpu,
    latency,
    p99,
    smallestNameableUs: claimed.smallestNameableUs,
    callTree: null,
    profiles: [],
    durationMs,
    confidence: 0.95,
  };
  return { ...findings, sentence: answerInWords(findings) };
}

/** A finding that stands on what the claim holds. */
function possibleFinding(claimed: Explanation): Finding {
  const { finding, named, serviceCpu } = claimed;
  switch (finding) {
    case "functions":
      return named.length > 0 ? finding : "nothing";
    case "waiting":
      return isWaiting(claimed) || isWaitingAtTail(claimed) ? finding : "nothing";
    case "costlier-calls":
      return serviceCpu !== null ? finding : "nothing";
    case "nothing":
    case "no-instrument":
    case "failed":
      return finding;
  }
}

function withShortNames(one: NamedFunction): NamedFunction {
  return {
    ...one,
    ...shortFunction(one),
    from: one.from === null ? null : shortFunction(one.from),
    within: one.within === null ? null : { ...one.within, name: nameForReport(one.within.name) },
  };
}

function shortFunction({ name, file, line, origin }: ProfiledFunction): ProfiledFunction {
  return { name: nameForReport(name), file: file === null ? null : nameForReport(file), line, origin };
}
