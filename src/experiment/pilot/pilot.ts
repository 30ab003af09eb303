import type { ArmPlan, Plan } from "../../model/plan.js";
import { TailgateError } from "../../error.js";
import { GeneratorGone } from "../../load/generator/generator-gone.js";
import type { Division } from "../../model/shard.js";
import type { Target } from "../../load/phase.js";
import type { RunningService } from "../../service/lifecycle/running-service.js";
import type { ExperimentPorts } from "../experiment-ports.js";
import { armsOf, PILOT_SHARE } from "../load-size.js";
import { type CapacityFinding, probeCapacity } from "./probe-capacity.js";
import { probeCappedRate } from "./probe-capped-rate.js";
import { type ArmFailure, startAll, stopAll } from "../launches.js";
import { loggedIn } from "../logged-in.js";
import { sentLoads } from "../sent-load.js";
import { type PlannedSchedule, planSchedule } from "../plan-schedule.js";

export type Pilot =
  | ({ readonly kind: "fixed" } & PlannedSchedule)
  /** Arms that did not get ready. Without them nothing can be measured. */
  | { readonly kind: "arms-failed"; readonly failures: readonly ArmFailure[] };

/** A rate that is about to be found, and how far the pilot is. */
export interface PilotStep {
  readonly scenario: string;
  readonly arm: string;
  /** From 1. */
  readonly step: number;
  readonly steps: number;
}

/** However many rates are to be found, each may take this long. */
const LEAST_PROBE_MS = 500;

/**
 * Launches every arm once, finds each scenario's capacity, and derives rate, burst length and number of blocks from it.
 * Head never changes the rate: that comes from the slowest of the other arms. It keeps to its share of the budget, as far
 * as the services start quickly enough. Where the generator is killed meanwhile, all of that is done once more with a new
 * one.
 *
 * @param tell - told of each rate before it is found
 * @param division - among how many runners the run is divided; `null`: it is not
 * @throws TailgateError "load" when a scenario cannot be measured as planned, "config" when the budget cannot give any
 *   verdict
 */
export async function pilot(
  plan: Plan,
  arms: readonly ArmPlan[],
  ports: ExperimentPorts,
  tell: (step: PilotStep) => void = () => undefined,
  division: Division | null = null,
): Promise<Pilot> {
  const startedMs = ports.nowMs();
  const once = (): Promise<Pilot> => pilotOnce(plan, arms, ports, { startedMs, tell, division });
  try {
    return await once();
  } catch (error) {
    if (!(error instanceof GeneratorGone)) throw error;
    return once();
  }
}

interface PilotTask {
  readonly startedMs: number;
  readonly tell: (step: PilotStep) => void;
  readonly division: Division | null;
}

async function pilotOnce(
  plan: Plan,
  arms: readonly ArmPlan[],
  ports: ExperimentPorts,
  { startedMs, tell, division }: PilotTask,
): Promise<Pilot> {
  const steps = sentLoads(plan.scenarios).reduce(
    (sum, { scenario }) => sum + armsOf(scenario, arms).length,
    0,
  );
  const allowedMs = (): number => {
    const leftMs = PILOT_SHARE * plan.experiment.budgetMs - (ports.nowMs() - startedMs);
    return Math.max(LEAST_PROBE_MS, leftMs / (steps - findings.length));
  };
  const position = { seed: plan.experiment.seed, block: 0, attempt: 1 };
  const fixed = arms.flatMap(({ service: { port } }) => (port === null ? [] : [port]));
  const sideBySide = new Set(fixed).size === fixed.length;
  const findings: CapacityFinding[] = [];
  let startMs = 0;
  let stopMs = 0;

  await ports.reset(arms);
  for (const group of sideBySide ? [arms] : arms.map((arm) => [arm])) {
    const startedAt = ports.nowMs();
    const launch = await startAll(group, 0, ports);
    if (!launch.ok) return { kind: "arms-failed", failures: launch.failures };
    const { services } = launch;
    startMs += ports.nowMs() - startedAt;
    try {
      const targets = new Map<string, Target>();
      for (const service of services) {
        targets.set(service.arm, await whileAlive(service, () => loggedIn(plan, service, ports)));
      }
      for (const sent of sentLoads(plan.scenarios)) {
        const wanted = armsOf(sent.scenario, arms);
        for (const service of services.filter(({ arm }) => wanted.includes(arm))) {
          const { scenario } = sent;
          const target = targets.get(service.arm)!;
          tell({ scenario: scenario.name, arm: service.arm, step: findings.length + 1, steps });
          const limits = { ports, allowedMs: allowedMs() };
          const { deployments } = plan;
          const find = (): Promise<CapacityFinding> =>
            deployments === undefined
              ? probeCapacity(sent, target, plan, position, limits)
              : probeCappedRate(sent, target, plan, position, { ...limits, ...deployments });
          findings.push(await whileAlive(service, find));
        }
      }
    } finally {
      await ports.generator.disconnect();
      const stoppingAt = ports.nowMs();
      await stopAll(services);
      stopMs += ports.nowMs() - stoppingAt;
    }
  }
  const pilotMs = ports.nowMs() - startedMs;
  const launch = { startMs, stopMs, pilotMs, sideBySide };
  return { kind: "fixed", ...planSchedule(plan, arms, findings, launch, division) };
}

/** The load room reports an arm that is gone as a `load` error; its process tells how it ended. */
async function whileAlive<T>(service: RunningService, what: () => Promise<T>): Promise<T> {
  try {
    return await what();
  } catch (error) {
    if (!(error instanceof TailgateError) || error.code !== "load") throw error;
    if (error instanceof GeneratorGone) throw error;
    const { alive, reason } = await service.health();
    if (alive) throw error;
    const ended = reason ?? "its process ended";
    throw new TailgateError(
      "service",
      `${service.arm} ended under load: it ${ended}.`,
      "See the end of its log.",
      { cause: error },
    );
  }
}
