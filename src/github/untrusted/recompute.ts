import type { Plan } from "../../model/plan.js";
import type { ScenarioPlan } from "../../model/scenario-plan.js";
import { resolveScenarios } from "../../config/resolve-scenarios.js";
import { RESULT_SCHEMA, type Result, type ResultArm } from "../../model/result.js";
import type { Warning } from "../../model/result.js";
import { observationsFrom } from "../../verdict/observations-from-blocks.js";
import { judge } from "../../verdict/judging/judge.js";
import type { Judgement } from "../../model/judgement.js";
import { concludeRun, type Conclusion } from "../../verdict/verdict.js";
import type { BasePlan } from "./base-plan.js";
import {
  sanitizedBlocks,
  sanitizedEnvironment,
  sanitizedRunners,
  sanitizedSchedule,
} from "./sanitize-untrusted-result.js";
import { sanitizedExplanation } from "./sanitize-explanation.js";
import { missingRows } from "./missing-rows.js";
import { nameForReport, shortNames } from "./short-text.js";
import type { FinishedRun } from "../event/event.js";

const MOST_SCENARIOS = 200;

/**
 * A result made anew from a claimed one: limits, error rate and scenarios are the base branch's, verdict and sentences
 * are computed here, and of the claim only numbers and short names are left. A claim can still lie about the numbers.
 */
export function recompute(claimed: Result, base: BasePlan, run: FinishedRun): Result {
  const claim = base.namesScenarios ? claimed : withShortNames(claimed);
  const named = base.namesScenarios ? base.plan : withClaimedScenarios(base.plan, claim);
  const plan = base.namesSeed ? named : withClaimedSeed(named, claim);
  const blocks = sanitizedBlocks(claim, plan);
  const schedule = sanitizedSchedule(claim, plan, blocks);
  const trusted = blocks.filter((block) => block.distrust.length === 0).length;
  const today = run.startedAt.slice(0, 10);
  let judgement: Judgement | null = null;
  let conclusion: Conclusion | null = null;
  if (schedule !== null && !failed(claim)) {
    if (trusted > 0) judgement = judge(observationsFrom(blocks, plan, schedule, today));
    conclusion = concludeRun({ plan, schedule, blocks, judgement, today });
  }
  return {
    schema: RESULT_SCHEMA,
    verdict: conclusion?.verdict ?? (claim.verdict === "no-baseline" ? "no-baseline" : "invalid"),
    reason: conclusion?.reason ?? reasonOf(claim),
    seed: plan.experiment.seed,
    startedAt: new Date(claim.startedAt).toISOString(),
    durationMs: claim.durationMs,
    arms: plan.arms.map((arm) => armOf(arm, claim, run)),
    plan,
    schedule,
    environment: sanitizedEnvironment(claim.environment),
    warnings: [
      claimedNumbers(run),
      ...(conclusion?.warnings ?? []),
      ...missingRows(plan, conclusion?.cells ?? []),
    ],
    cells: conclusion?.cells ?? [],
    stopped: { look: judgement?.look ?? 0, blocks: trusted, why: "the measuring run ended" },
    blocks,
    reproduce: `tailgate run --head ${run.headSha}${baseFlag(claim, plan)}`,
    logTail: null,
    sinceRelease: [],
    between: [],
    explanation: sanitizedExplanation(claim.explanation, plan),
    ...sanitizedRunners(claim, plan),
  };
}

/** Runs that ended without something to judge. A claim may be worse than its numbers, never better. */
function failed(claim: Result): boolean {
  return claim.verdict === "invalid" || claim.verdict === "no-baseline";
}

function reasonOf(claim: Result): string {
  return claim.verdict === "no-baseline"
    ? "the measuring run claims that it found no baseline to compare with; its log says why"
    : "the measuring run could not measure; its log says why";
}

function claimedNumbers(run: FinishedRun): Warning {
  return {
    code: "claimed-numbers",
    message:
      `the numbers come from run ${run.id}, in which the pull request's own code ran: they are its claim. ` +
      "Limits, verdict and text were made apart from it, with the base branch's configuration",
  };
}

/** Where the base branch names no scenarios, the claim's names are taken, with the base branch's load and gates. */
function withClaimedScenarios(plan: Plan, claim: Result): Plan {
  const names = new Set(claim.plan.scenarios.slice(0, MOST_SCENARIOS).map((scenario) => scenario.name));
  if (names.size === 0) return plan;
  const [template] = plan.scenarios;
  const scenarios = [...names].map((name): ScenarioPlan => ({ ...(template ?? fallback()), name }));
  return { ...plan, scenarios };
}

/** The flips are drawn from it: with another seed, a row at the edge of chance could be judged otherwise than by the run. */
function withClaimedSeed(plan: Plan, { seed }: Result): Plan {
  return { ...plan, experiment: { ...plan.experiment, seed } };
}

/** Scenarios named by a stranger: each name is short, and still one scenario's. */
function withShortNames(claim: Result): Result {
  const short = shortNames(claim.plan.scenarios.slice(0, MOST_SCENARIOS).map(({ name }) => name));
  const named = (name: string): string => short.get(name) ?? nameForReport(name);
  return {
    ...claim,
    plan: {
      ...claim.plan,
      scenarios: claim.plan.scenarios
        .slice(0, MOST_SCENARIOS)
        .map((scenario) => ({ ...scenario, name: named(scenario.name) })),
    },
    runners: claim.runners?.map((runner) => ({
      ...runner,
      scenarios: runner.scenarios?.map(named) ?? null,
    })),
    explanation: claim.explanation && {
      ...claim.explanation,
      scenario: claim.explanation.scenario === null ? null : named(claim.explanation.scenario),
    },
    schedule: claim.schedule && {
      ...claim.schedule,
      loads: claim.schedule.loads.map((load) => ({ ...load, scenario: named(load.scenario) })),
    },
    blocks: claim.blocks.map((block) => ({
      ...block,
      arms: Object.fromEntries(
        Object.entries(block.arms).map(([name, arm]) => [
          name,
          {
            ...arm,
            scenarios: Object.fromEntries(
              Object.entries(arm.scenarios).map(([scenario, measured]) => [named(scenario), measured]),
            ),
          },
        ]),
      ),
    })),
  };
}

function fallback(): ScenarioPlan {
  return resolveScenarios({}, {}, "/")[0]!;
}

function armOf(arm: Plan["arms"][number], claim: Result, run: FinishedRun): ResultArm {
  const told = claim.arms.find((one) => one.name === arm.name);
  const sha = told?.revision?.sha ?? "";
  const revision =
    arm.role === "head"
      ? { sha: run.headSha, label: nameForReport(run.headBranch), dirty: false }
      : isSha(sha)
        ? { sha, label: "", dirty: false }
        : null;
  const unavailable = told?.usageUnavailable ?? null;
  return {
    name: arm.name,
    role: arm.role,
    revision,
    buildMs: told?.buildMs ?? null,
    usageUnavailable: unavailable === null ? null : "the measuring run's log says why",
  };
}

function baseFlag(claim: Result, plan: Plan): string {
  const sha = claim.arms.find((arm) => arm.name === plan.baseline)?.revision?.sha ?? "";
  return isSha(sha) ? ` --base ${sha}` : "";
}

function isSha(text: string): boolean {
  return /^[0-9a-f]{40}(?:[0-9a-f]{24})?$/.test(text);
}
