import type { Block } from "../model/block.js";
import { type Gate, serviceGateKey } from "../model/gates-plan.js";
import type { Plan } from "../model/plan.js";
import type { ScenarioPlan } from "../model/scenario-plan.js";
import type { ScenarioMetric, ServiceMetric } from "../metrics/metric-descriptor.js";
import {
  type Metric,
  type Registered,
  SCENARIO_METRICS,
  SERVICE_METRICS,
  descriptorOf,
} from "../metrics/metrics.js";

/** A metric of one scenario, or of the service as a whole (`scenario` is `null`). */
export type MetricOf =
  | { readonly scenario: ScenarioPlan; readonly metric: ScenarioMetric & Registered }
  | { readonly scenario: null; readonly metric: ServiceMetric & Registered };

/** A metric as the plan asks for it. */
export type PlannedMetric = MetricOf & {
  /** `null`: measured and shown, not gated. */
  readonly gate: Gate | null;
};

/** What is told of a scenario: of a mix and its parts each its own. */
export function metricsOf({ mix, partOf }: ScenarioPlan): typeof SCENARIO_METRICS {
  const which = mix !== undefined ? "whole" : partOf !== undefined ? "parts" : null;
  return which === null ? SCENARIO_METRICS : SCENARIO_METRICS.filter(({ ofMix }) => ofMix === which);
}

/** Everything that is measured, in the order of the plan; the service's own metrics last. */
export function plannedMetrics(plan: Plan): PlannedMetric[] {
  return [
    ...plan.scenarios.flatMap((scenario) =>
      metricsOf(scenario).map((metric) => ({ scenario, metric, gate: scenario.gates[metric.name] ?? null })),
    ),
    ...SERVICE_METRICS.map((metric) => ({
      scenario: null,
      metric,
      gate: plan[serviceGateKey(metric.name)] ?? null,
    })),
  ];
}

/** The metric of a cell; `null` where the plan has no such scenario, or the metric is of another scope. */
export function metricOf(
  plan: Plan,
  place: { readonly scenario: string | null; readonly metric: Metric },
): MetricOf | null {
  const metric = descriptorOf(place.metric);
  if (metric.scope === "service") return place.scenario === null ? { scenario: null, metric } : null;
  const scenario = plan.scenarios.find(({ name }) => name === place.scenario);
  return scenario === undefined ? null : { scenario, metric };
}

/**
 * One arm's value of a metric in one block, in the metric's unit. `null`: measured, but there is no number to give;
 * `undefined`: the arm does not have this scenario, or was not there.
 */
export function valueIn(block: Block, arm: string, of: MetricOf): number | null | undefined {
  const measured = ownProperty(block.arms, arm);
  if (measured === undefined) return undefined;
  if (of.scenario === null) return of.metric.read(measured);
  const scenario = ownProperty(measured.scenarios, of.scenario.name);
  return scenario === undefined ? undefined : of.metric.read(scenario);
}

/** Names come from a file: one called "constructor" must not find what every object inherits. */
export function ownProperty<T>(record: Readonly<Record<string, T>>, key: string): T | undefined {
  return Object.hasOwn(record, key) ? record[key] : undefined;
}
