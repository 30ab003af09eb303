import {
  MOST_NAMED_FUNCTIONS,
  type CpuChange,
  type Explanation,
  type Finding,
  type NamedFunction,
} from "../model/explanation.js";
import type { ArmProfile } from "../model/profile.js";
import { callChanges, type CallChange } from "./call-changes.js";
import { callTree } from "./call-tree.js";
import { compareProfiles, type ComparedProfiles } from "./compared-profiles.js";
import { compareCpu, pairedChange, type PairedSeries } from "./cpu-changes.js";
import { cpuOfFunctions, type CpuOfFunctions } from "./cpu-of-functions.js";
import { nameFunctions } from "./name-functions.js";
import { answerInWords, callsDiffer, isWaiting, isWaitingAtTail, type Findings } from "./sentences.js";

/**
 * Share of the service's CPU by which a function has to take more to be a part of why requests wait. Measured: an event
 * loop that wakes more often took 5 % more, the handler that logs every row 29 %.
 */
const LEAST_SHARE_OF_CPU = 0.1;

/** What the diagnosis blocks brought, and what they were about. */
export interface Diagnosis {
  /** Of both arms; a block counts where both have it. */
  readonly profiles: readonly ArmProfile[];
  readonly baseline: string;
  readonly candidate: string;
  readonly scenario: string | null;
  /** A sentence each: what looked at each arm, and what could not and why. */
  readonly instruments: readonly string[];
  readonly durationMs: number;
  /** Raw profiles, by their path beside result.json. */
  readonly profileFiles: readonly string[];
  /** Why there is nothing to explain from: a clause such as "the service exited with code 1 under it"; `null`: nothing failed. */
  readonly failure?: string | null;
}

/** Says what the candidate does differently: functions with their calls and CPU, or why none can be named. */
export function explain(diagnosis: Diagnosis): Explanation {
  const { profiles, baseline, candidate, failure = null } = diagnosis;
  const compared = compareProfiles(profiles, baseline, candidate);
  const calls = callChanges(compared);
  const cpu = cpuOfFunctions(compared);
  const own = compareCpu(cpu === null ? [] : seriesOf(cpu, "own"), totalUs(cpu));
  const service = serviceCpu(compared, cpu);
  const evidence = {
    functions: compared.functions,
    calls,
    service,
    own,
    withCalls: compareCpu(cpu === null ? [] : seriesOf(cpu, "withCalls"), totalUs(cpu)),
    weights: cpu?.calls ?? null,
  };
  const findings: Omit<Findings, "finding"> = {
    scenario: diagnosis.scenario,
    arm: candidate,
    instruments: diagnosis.instruments.slice(0, 20),
    blocks: compared.blocks.length,
    functionsLookedAt: own.changes.size,
    named: nameFunctions(evidence).slice(0, MOST_NAMED_FUNCTIONS),
    serviceCpu: service,
    latency: pairedChange(seriesFrom(compared, ({ latencyUs }) => latencyUs)),
    p99: pairedChange(seriesFrom(compared, ({ p99Us }) => p99Us)),
    smallestNameableUs: own.smallestNameableUs,
    callTree: callTree(compared),
    profiles: diagnosis.profileFiles.slice(0, 1_000),
    durationMs: diagnosis.durationMs,
    confidence: 0.95,
  };
  const seen = findingOf(findings, { calls, isInstrumented: calls !== null || cpu !== null });
  const finding = failure !== null && (seen === "nothing" || seen === "no-instrument") ? "failed" : seen;
  const whole = { ...findings, finding };
  return { ...whole, sentence: answerInWords(whole, failure) };
}

function findingOf(
  findings: Omit<Findings, "finding">,
  evidence: {
    readonly calls: readonly CallChange[] | null;
    readonly isInstrumented: boolean;
  },
): Finding {
  if (!evidence.isInstrumented) return "no-instrument";
  const { named, serviceCpu } = findings;
  const waits = isWaiting(findings) || isWaitingAtTail(findings);
  const isSameWork = evidence.calls?.some(isExactlyMore) !== true;
  if (waits && isSameWork && !named.some((one) => mayBeWaitedFor(one, serviceCpu))) return "waiting";
  if (evidence.calls !== null && isSpread(named, serviceCpu, evidence.calls)) return "costlier-calls";
  return named.length > 0 ? "functions" : "nothing";
}

/** Whether every request makes more calls of a function, whoever's it is. */
function isExactlyMore({ changed, exact, baseline, candidate }: CallChange): boolean {
  return changed && exact && candidate > baseline;
}

/**
 * Whether a function is a part of why a service waits whose CPU is too little for its latency: it is called more, or takes
 * a share of the CPU that waiting alone does not cost. What is called less does not count: a request that queues skips
 * calls.
 */
function mayBeWaitedFor({ calls, cpu }: NamedFunction, service: CpuChange | null): boolean {
  if (calls !== null && callsDiffer(calls) && calls.candidate > calls.baseline) return true;
  return cpu !== null && service !== null && cpu.changeUs >= LEAST_SHARE_OF_CPU * service.baselineUs;
}

/**
 * Whether the service's CPU grew though all is called as often as before, the runtime's own functions among them, and no
 * few functions explain even half of it.
 */
function isSpread(
  named: readonly NamedFunction[],
  cpu: CpuChange | null,
  calls: readonly CallChange[],
): boolean {
  if (cpu === null || cpu.lowUs <= 0) return false;
  if (calls.some(({ changed, exact }) => changed && exact)) return false;
  if (named.some((one) => one.calls === null || callsDiffer(one.calls))) return false;
  const explained = named.reduce((sum, one) => sum + Math.max(0, one.cpu?.changeUs ?? 0), 0);
  return explained < cpu.changeUs / 2;
}

/** From the service's processes; where those tell nothing, what was sampled of them. */
function serviceCpu(compared: ComparedProfiles, cpu: CpuOfFunctions | null): Explanation["serviceCpu"] {
  const whole = pairedChange(seriesFrom(compared, ({ serviceCpuUs }) => serviceCpuUs));
  if (whole !== null || cpu === null) return whole;
  return pairedChange({ baseline: cpu.baseline.total, candidate: cpu.candidate.total });
}

/**
 * A value of both arms in every block: of blocks that are sampled, where there are any, as counting calls makes them
 * cost more.
 */
function seriesFrom(
  { blocks }: ComparedProfiles,
  value: (profile: ArmProfile) => number | null,
): PairedSeries {
  const sampled = blocks.filter(({ baseline, candidate }) =>
    [baseline, candidate].every(({ profile }) => profile.cpu !== null),
  );
  const pairs = (sampled.length > 0 ? sampled : blocks).flatMap(({ baseline, candidate }) => {
    const [from, to] = [value(baseline.profile), value(candidate.profile)];
    return from === null || to === null ? [] : [[from, to] as const];
  });
  return {
    baseline: Float64Array.from(pairs, ([from]) => from),
    candidate: Float64Array.from(pairs, ([, to]) => to),
  };
}

function seriesOf({ baseline, candidate }: CpuOfFunctions, of: "own" | "withCalls"): PairedSeries[] {
  return baseline[of].map((values, place) => ({ baseline: values, candidate: candidate[of][place]! }));
}

/** What was sampled of a request, mean of both arms and all blocks. */
function totalUs(cpu: CpuOfFunctions | null): number {
  if (cpu === null) return 0;
  const all = [...cpu.baseline.total, ...cpu.candidate.total];
  return all.reduce((sum, value) => sum + value, 0) / all.length;
}
