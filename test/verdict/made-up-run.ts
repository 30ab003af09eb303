import { DEFAULT_EXPERIMENT, DEFAULT_GATES, DEFAULT_LOAD } from "../../src/config/defaults.js";
import type { ArmPlan, ArmRole, Plan } from "../../src/model/plan.js";
import type { ScenarioPlan } from "../../src/model/scenario-plan.js";
import type { Block } from "../../src/model/block.js";
import type { ArmMeasurement, ScenarioMeasurement } from "../../src/metrics/measurement.js";
import type { Schedule } from "../../src/model/schedule.js";
import { seededRandom } from "../../src/stats/random.js";

const SCENARIO = "list users";

export function scenarioPlan(name = SCENARIO, changes: Partial<ScenarioPlan> = {}): ScenarioPlan {
  return {
    name,
    requests: [{ method: "GET", path: "/users", headers: {}, body: null, capture: {} }],
    expect: { status: [], contains: null, bytes: null },
    load: DEFAULT_LOAD,
    gates: DEFAULT_GATES,
    newInHead: false,
    ...changes,
  };
}

function armPlan(name: string, role: ArmRole): ArmPlan {
  const service = {
    build: null,
    start: "node server.js",
    cwd: ".",
    env: {},
    setup: null,
    reset: null,
    ready: { path: "/", timeoutMs: 1000 },
    port: null,
    buildTimeoutMs: 1000,
  };
  return { name, role, service };
}

export function madeUpPlan(changes: Partial<Plan> = {}, ...more: readonly ArmRole[]): Plan {
  return {
    arms: [armPlan("base", "base"), armPlan("head", "head"), ...more.map((role) => armPlan(role, role))],
    baseline: "base",
    scenarios: [scenarioPlan()],
    memoryGate: DEFAULT_GATES.memory,
    accept: [],
    experiment: DEFAULT_EXPERIMENT,
    report: { comment: "always", key: "test" },
    notes: [],
    ...changes,
  };
}

export function madeUpSchedule(plan: Plan, changes: Partial<Schedule> = {}): Schedule {
  return {
    loads: plan.scenarios.map((scenario) => ({
      scenario: scenario.name,
      arms: plan.arms.map(({ name }) => name),
      ratePerSecond: 300,
      rateFrom: "fixed",
      capacityPerSecond: {},
      burstMs: 100,
      capacityBurstMs: 100,
      requests: scenario.load.requests,
      warmupRequests: scenario.load.warmup,
      capacityRequests: 1000,
    })),
    estimatedBlockMs: 7000,
    maximumBlocks: 40,
    looks: [12, 20, 30, 40],
    alpha: 0.05,
    seed: 1,
    pilotMs: 9_000,
    sideBySide: true,
    ...changes,
  };
}

/** What an arm does differently from the quiet service: factors on its metrics, or whole fields. */
export interface Behaviour {
  readonly latency?: number;
  readonly throughput?: number;
  readonly cpu?: number;
  readonly memory?: number;
  readonly errors?: number;
  readonly fields?: Partial<ScenarioMeasurement>;
  readonly arm?: Partial<ArmMeasurement>;
}

/** Blocks of a quiet service, from a seed: every value within about one per cent, no errors. */
export function madeUpBlocks(
  plan: Plan,
  count: number,
  behaviour: (arm: string, block: number, scenario: string) => Behaviour = () => ({}),
  noise = 0.01,
): Block[] {
  const random = seededRandom(42, "made-up blocks");
  const shake = (): number => Math.exp(noise * (random() + random() + random() - 1.5));
  return Array.from({ length: count }, (_, index) => {
    const arms = plan.arms.map(({ name }) => {
      const scenarios = plan.scenarios.map((scenario) => [
        scenario.name,
        madeUpObservation(scenario, behaviour(name, index, scenario.name), shake),
      ]);
      const own = behaviour(name, index, "");
      const arm: ArmMeasurement = {
        port: 1,
        startedInMs: 1,
        processors: null,
        peakResidentBytes: 80e6 * (own.memory ?? 1) * shake(),
        scenarios: Object.fromEntries(scenarios) as Record<string, ScenarioMeasurement>,
        ...own.arm,
      };
      return [name, arm] as const;
    });
    return {
      index: index + 1,
      attempt: 1,
      seed: 1,
      startedAt: "2026-11-20T10:00:00.000Z",
      durationMs: 6000,
      startOrder: plan.arms.map(({ name }) => name),
      arms: Object.fromEntries(arms),
      generator: { busyShare: 0.1, latenessP50Us: 50, latenessP99Us: 100, queuedWhileIdle: 0, cpuUs: 1 },
      machine: { stealShare: null, cpuPressureShare: null },
      distrust: [],
      doubts: [],
    };
  });
}

function madeUpObservation(
  scenario: ScenarioPlan,
  behaviour: Behaviour,
  shake: () => number,
): ScenarioMeasurement {
  const { requests } = scenario.load;
  const errors = Math.round((behaviour.errors ?? 0) * requests);
  const at = (us: number): number => us * (behaviour.latency ?? 1) * shake();
  return {
    requests,
    errors: { status: errors, timeout: 0, connection: 0, body: 0 },
    latencyUs: {
      p50: at(2000),
      p75: at(2400),
      p90: at(3000),
      p95: at(4000),
      p99: at(8000),
      p999: at(12_000),
      max: at(15_000),
      mean: at(2300),
    },
    histogram: [],
    achievedRatePerSecond: 300,
    throughputPerSecond: 600 * (behaviour.throughput ?? 1) * shake(),
    cpuUsPerRequest: 900 * (behaviour.cpu ?? 1) * shake(),
    cpuShareOfCore: 0.3,
    cpuShareOfCoreAtCapacity: 0.6,
    bytesPerResponse: 500,
    statuses: errors > 0 ? { 200: requests - errors, 500: errors } : { 200: requests },
    reconnects: 0,
    ...behaviour.fields,
  };
}
