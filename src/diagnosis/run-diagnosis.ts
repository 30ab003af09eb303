import { loadMs } from "../experiment/load-size.js";
import { sentLoads } from "../experiment/sent-load.js";
import { loadOf } from "../model/mix.js";
import type { ArmPlan, Plan } from "../model/plan.js";
import type { ArmProfile } from "../model/profile.js";
import type { Schedule } from "../model/schedule.js";
import type { Looking } from "../probes/looking.js";
import { runDiagnosisBlock, type DiagnosisBlock, type DiagnosisSetup } from "./diagnosis-block.js";
import type { DiagnosisPorts } from "./diagnosis-ports.js";
import {
  planDiagnosis,
  SAMPLING_BLOCKS_OF_AN_INTERVAL,
  type DiagnosisSchedule,
} from "./diagnosis-schedule.js";

/** What is to be explained: one load on the baseline and one candidate. */
export interface DiagnosisTask {
  readonly plan: Plan;
  readonly schedule: Schedule;
  /** Those that were built. */
  readonly arms: readonly ArmPlan[];
  readonly candidate: string;
  /** `null`: of the service as a whole, for which the first load stands. */
  readonly scenario: string | null;
  /** How long its blocks may take. */
  readonly budgetMs: number;
}

/** What the diagnosis blocks brought. */
export interface DiagnosisRun {
  /** Whose load ran; `null` when none did. */
  readonly scenario: string | null;
  readonly profiles: readonly ArmProfile[];
  /** A sentence each: what looked at each arm, and what could not and why. */
  readonly instruments: readonly string[];
  /** Why blocks are missing, as a clause; `null`: none are. */
  readonly failure: string | null;
  readonly durationMs: number;
}

/** Told before every block. */
export type DiagnosisListener = (block: number, blocks: number, looking: Looking) => void;

/** A diagnosis under way. */
interface Diagnosis {
  readonly setup: DiagnosisSetup;
  readonly budgetMs: number;
  readonly startedMs: number;
  readonly listener: DiagnosisListener;
  readonly profiles: ArmProfile[];
  /** Sentences of each arm. */
  readonly words: Map<string, Set<string>>;
  readonly failures: Set<string>;
}

/**
 * How the blocks of one kind ended: "spent" leaves nothing of the budget, or the run is cancelled; with "unseen" nothing
 * looked into the service, whose runtime is known or not.
 */
type BlocksEnd =
  | { readonly kind: "done" | "failed" | "spent" }
  | { readonly kind: "unseen"; readonly blocks: number; readonly knowsRuntime: boolean };

/**
 * Runs diagnosis blocks until they are done or their budget is spent: those that count calls, then those that sample CPU.
 * Nothing that goes wrong in them is thrown: it is told in `failure`, and what was seen until then stays.
 */
export async function runDiagnosis(
  task: DiagnosisTask,
  ports: DiagnosisPorts,
  listener: DiagnosisListener,
): Promise<DiagnosisRun> {
  const startedMs = ports.experiment.nowMs();
  const setup = setupOf(task, ports);
  const failures = new Set<string>();
  const profiles: ArmProfile[] = [];
  const words = new Map<string, Set<string>>();
  if (setup === null) failures.add("the arms share no scenario");
  else {
    const { budgetMs } = task;
    await countAndSample({ setup, budgetMs, startedMs, listener, profiles, words, failures });
  }
  return {
    scenario: setup?.sent.scenario.name ?? null,
    profiles,
    instruments: wordsOfArms(words),
    failure: failures.size === 0 ? null : [...failures].join("; "),
    durationMs: Math.round(ports.experiment.nowMs() - startedMs),
  };
}

async function countAndSample(diagnosis: Diagnosis): Promise<void> {
  const { setup, budgetMs, startedMs, failures } = diagnosis;
  const planned = planOf(setup, budgetMs, true);
  const { calls, cpu } = planned.blocks;
  if (calls + cpu === 0) failures.add(tooShort(budgetMs, planned.blockMs.calls));
  const counting = await runBlocks("calls", planned, { done: 0, all: calls + cpu }, diagnosis);
  if (counting.kind === "spent") return;
  if (counting.kind !== "unseen") {
    await runBlocks("cpu", planned, { done: calls, all: calls + cpu }, diagnosis);
    return;
  }
  // The time that counting was to take goes to sampling.
  const leftMs = budgetMs - (setup.ports.experiment.nowMs() - startedMs);
  const rest = planOf(setup, leftMs, false);
  if (rest.blocks.cpu === 0 && counting.knowsRuntime) failures.add(tooShort(budgetMs, rest.blockMs.cpu));
  const { blocks: done } = counting;
  await runBlocks("cpu", rest, { done, all: done + rest.blocks.cpu }, diagnosis);
}

/** The blocks of one kind. Of what failed once, more blocks would say the same. */
async function runBlocks(
  looking: Looking,
  { blocks, loads, blockMs }: DiagnosisSchedule,
  place: { readonly done: number; readonly all: number },
  diagnosis: Diagnosis,
): Promise<BlocksEnd> {
  const { setup, budgetMs, startedMs, listener, profiles, words, failures } = diagnosis;
  const { experiment } = setup.ports;
  let longestMs = blockMs[looking];
  for (let index = place.done + 1; index <= place.done + blocks[looking]; index++) {
    const beganMs = experiment.nowMs();
    if (index > 1 && beganMs - startedMs + longestMs > budgetMs) {
      // Beside counted calls, an interval is missing; of blocks that are sampled, only some of many.
      if (sampledBlocks(profiles) < SAMPLING_BLOCKS_OF_AN_INTERVAL)
        failures.add(tooShort(budgetMs, longestMs));
      return { kind: "spent" };
    }
    listener(index, place.all, looking);
    try {
      experiment.signal.throwIfAborted();
      // Requests have numbers of their own, after those of the blocks that were judged.
      const block = setup.schedule.maximumBlocks + index;
      const position = { seed: setup.schedule.seed, block, attempt: 1 };
      const seen = await runDiagnosisBlock(setup, position, index, looking, loads[looking]);
      profiles.push(...seen.profiles);
      noteWords(words, seen);
      // Where nothing looks into the service, more launches would show no more.
      if (!seen.profiles.some(({ calls, cpu }) => calls !== null || cpu !== null))
        return { kind: "unseen", blocks: index, knowsRuntime: seen.knowsRuntime };
    } catch (error) {
      failures.add(clauseOf(error));
      return { kind: experiment.signal.aborted ? "spent" : "failed" };
    }
    longestMs = Math.max(longestMs, experiment.nowMs() - beganMs);
  }
  return { kind: "done" };
}

function setupOf(
  { plan, schedule, arms, candidate, scenario }: DiagnosisTask,
  ports: DiagnosisPorts,
): DiagnosisSetup | null {
  const compared = [plan.baseline, candidate].flatMap((name) => arms.filter((arm) => arm.name === name));
  const wanted = loadOf(plan, scenario);
  const loads = schedule.loads.filter((load) => compared.every(({ name }) => load.arms.includes(name)));
  const load = loads.find((one) => one.scenario === wanted) ?? (wanted === null ? loads[0] : undefined);
  const sent = sentLoads(plan.scenarios).find((one) => one.scenario.name === load?.scenario);
  if (compared.length < 2 || load === undefined || sent === undefined) return null;
  return { plan, schedule, arms: compared, sent, load, ports };
}

function planOf(
  { schedule, load, arms }: DiagnosisSetup,
  budgetMs: number,
  countsCalls: boolean,
): DiagnosisSchedule {
  const loadsMs = schedule.loads.reduce((sum, one) => sum + loadMs(one), 0);
  return planDiagnosis(load, {
    budgetMs,
    startMs: Math.max(200, schedule.estimatedBlockMs - loadsMs),
    arms: arms.length,
    countsCalls,
  });
}

function tooShort(budgetMs: number, blockMs: number): string {
  const seconds = (ms: number): string => `${Math.ceil(ms / 1000)} s`;
  return `its budget of ${seconds(budgetMs)} is too short for launches of ${seconds(blockMs)}; \`tailgate explain --budget\` may take longer`;
}

function sampledBlocks(profiles: readonly ArmProfile[]): number {
  return new Set(profiles.flatMap(({ block, cpu }) => (cpu === null ? [] : [block]))).size;
}

function noteWords(words: Map<string, Set<string>>, { words: seen }: DiagnosisBlock): void {
  for (const [arm, sentences] of seen) {
    const known = words.get(arm) ?? new Set();
    for (const sentence of sentences) known.add(sentence);
    words.set(arm, known);
  }
}

/** What holds of several arms is said once: "base and head: Node.js v24: ...". */
function wordsOfArms(words: ReadonlyMap<string, ReadonlySet<string>>): string[] {
  const arms = new Map<string, string[]>();
  for (const [arm, sentences] of words) {
    for (const sentence of sentences) arms.set(sentence, [...(arms.get(sentence) ?? []), arm]);
  }
  return [...arms].map(([sentence, names]) => `${names.sort().join(" and ")}: ${sentence}`);
}

function clauseOf(error: unknown): string {
  const message = error instanceof Error ? error.message : String(error);
  return message.split("\n", 1)[0]!.replace(/\.$/, "").slice(0, 500);
}
