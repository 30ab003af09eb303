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

/**
 * Runs diagnosis blocks until they are done or their budget is spent. Nothing that goes wrong in them
 * is thrown: it is told in `failure`, and what was seen until then stays.
 */
export async function runDiagnosis(
  task: DiagnosisTask,
  ports: DiagnosisPorts,
  listener: DiagnosisListener,
): Promise<DiagnosisRun> {
  const { experiment } = ports;
  const startedMs = experiment.nowMs();
  const setup = setupOf(task, ports);
  const profiles: ArmProfile[] = [];
  const words = new Map<string, Set<string>>();
  const failures = new Set<string>();
  const over = new Set<Looking>();
  const found = (): DiagnosisRun => ({
    scenario: setup?.sent.scenario.name ?? null,
    profiles,
    instruments: wordsOfArms(words),
    failure: failures.size === 0 ? null : [...failures].join("; "),
    durationMs: Math.round(experiment.nowMs() - startedMs),
  });
  if (setup === null) {
    failures.add("the arms share no scenario");
    return found();
  }

  const { budgetMs } = task;
  const planned = planOf(setup, budgetMs, true);
  let { blocks, loads } = planned;
  const longestMs = { ...planned.blockMs };
  if (blocks.length === 0) failures.add(tooShort(budgetMs, longestMs.calls));
  for (let place = 0; place < blocks.length; place++) {
    const looking = blocks[place]!;
    // Of what failed once, more blocks would say the same.
    if (over.has(looking)) continue;
    const beganMs = experiment.nowMs();
    if (place > 0 && beganMs - startedMs + longestMs[looking] > budgetMs) {
      // Beside counted calls, an interval is missing; of blocks that are sampled, only some of many.
      if (sampledBlocks(profiles) < SAMPLING_BLOCKS_OF_AN_INTERVAL)
        failures.add(tooShort(budgetMs, longestMs[looking]));
      break;
    }
    listener(place + 1, blocks.length, looking);
    try {
      experiment.signal.throwIfAborted();
      // Requests have numbers of their own, after those of the blocks that were judged.
      const block = setup.schedule.maximumBlocks + place + 1;
      const position = { seed: setup.schedule.seed, block, attempt: 1 };
      const seen = await runDiagnosisBlock(setup, position, place + 1, looking, loads[looking]);
      profiles.push(...seen.profiles);
      noteWords(words, seen);
      // Where nothing looks into the service, more launches would show no more.
      if (!seen.profiles.some(({ calls, cpu }) => calls !== null || cpu !== null)) {
        over.add(looking);
        if (looking === "calls") {
          // The time that counting was to take goes to sampling.
          const rest = planOf(setup, budgetMs - (experiment.nowMs() - startedMs), false);
          blocks = [...blocks.slice(0, place + 1), ...rest.blocks];
          loads = rest.loads;
          longestMs.cpu = rest.blockMs.cpu;
          if (rest.blocks.length === 0 && seen.knowsRuntime) failures.add(tooShort(budgetMs, longestMs.cpu));
        }
      }
    } catch (error) {
      failures.add(clauseOf(error));
      if (experiment.signal.aborted) break;
      over.add(looking);
    }
    longestMs[looking] = Math.max(longestMs[looking], experiment.nowMs() - beganMs);
  }
  return found();
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
