import { METRICS, type Metric } from "../metrics/metrics.js";
import type { Gate, Plan, ScenarioPlan } from "../model/plan.js";
import type { ScenarioMeasurement } from "../metrics/measurement.js";
import type { Block } from "../model/block.js";

/** A metric of a scenario, or of the service as a whole, as the plan asks for it. */
export interface PlannedMetric {
  /** `null` for memory, which belongs to the service. */
  readonly scenario: ScenarioPlan | null;
  readonly metric: Metric;
  readonly gate: Gate | null;
}

/** Everything that is measured, in the order of the plan; the service's own metrics last. */
export function plannedMetrics(plan: Plan): PlannedMetric[] {
  const ofScenarios = plan.scenarios.flatMap((scenario) =>
    METRICS.filter((metric) => metric !== "memory").map((metric) => ({
      scenario,
      metric,
      gate: scenario.gates[metric],
    })),
  );
  return [...ofScenarios, { scenario: null, metric: "memory", gate: plan.memoryGate }];
}

/**
 * One arm's value of a metric in one block, in the metric's unit. `null`: measured, but there is no number to give;
 * `undefined`: the arm does not have this scenario, or was not there.
 */
export function valueIn(
  block: Block,
  arm: string,
  { scenario, metric }: PlannedMetric,
): number | null | undefined {
  const observed = block.arms[arm];
  if (scenario === null) return observed?.peakResidentBytes;
  const of = observed === undefined ? undefined : ownProperty(observed.scenarios, scenario.name);
  if (of === undefined) return undefined;
  switch (metric) {
    case "p50":
    case "p90":
    case "p95":
    case "p99":
      return of.latencyUs === null ? null : of.latencyUs[metric];
    case "throughput":
      return of.throughputPerSecond;
    case "cpu":
      return of.cpuUsPerRequest;
    case "memory":
      return null;
    case "errors":
      return of.requests === 0 ? null : errorsOf(of) / of.requests;
  }
}

export function errorsOf({ errors }: ScenarioMeasurement): number {
  return errors.status + errors.timeout + errors.connection + errors.body;
}

/** Requests that an observation of a metric needs before it can be gated: ten beyond the quantile. */
export function requestsNeeded(metric: Metric): number {
  switch (metric) {
    case "p50":
      return 20;
    case "p90":
      return 100;
    case "p95":
      return 200;
    case "p99":
      return 1000;
    case "throughput":
    case "cpu":
    case "memory":
    case "errors":
      return 0;
  }
}

/** Scenario names come from a file: one called "constructor" must not find what every object inherits. */
export function ownProperty<T>(record: Readonly<Record<string, T>>, key: string): T | undefined {
  return Object.hasOwn(record, key) ? record[key] : undefined;
}
