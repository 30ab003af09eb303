import { cpu } from "./cpu.js";
import { errors } from "./errors.js";
import { p50, p90, p95, p99 } from "./latency.js";
import { memory } from "./memory.js";
import type { MetricDescriptor, ScenarioMetric, ServiceMetric } from "./metric-descriptor.js";
import { size } from "./size.js";
import { throughput } from "./throughput.js";

/** Every metric, in the order in which reports list them. */
const REGISTRY = [p50, p90, p95, p99, throughput, cpu, memory, errors, size] as const;

type Entry = (typeof REGISTRY)[number];

/** Name of a metric. */
export type Metric = Entry["name"];
/** Name of a metric that each scenario has. */
export type ScenarioMetricName = Extract<Entry, { scope: "scenario" }>["name"];
/** Name of a metric of the service as a whole. */
export type ServiceMetricName = Extract<Entry, { scope: "service" }>["name"];

/** A descriptor that stands in the registry, so that its name is a `Metric`. */
export type Registered = MetricDescriptor & { readonly name: Metric };

/** What a gate can be put on, in the order in which reports list them. */
export const METRICS: readonly Metric[] = REGISTRY.map(({ name }) => name);

const BY_NAME = new Map<string, Registered>(REGISTRY.map((descriptor) => [descriptor.name, descriptor]));

export function descriptorOf(metric: Metric): Registered {
  return BY_NAME.get(metric)!;
}

/** The descriptor of a name that may be anybody's; `null` for a metric that Tailgate does not measure. */
export function knownMetric(name: string): Registered | null {
  return BY_NAME.get(name) ?? null;
}

export const SCENARIO_METRICS: readonly (ScenarioMetric & { readonly name: ScenarioMetricName })[] =
  REGISTRY.filter((descriptor) => descriptor.scope === "scenario");

export const SERVICE_METRICS: readonly (ServiceMetric & { readonly name: ServiceMetricName })[] =
  REGISTRY.filter((descriptor) => descriptor.scope === "service");

/** One entry for each metric, under its name. */
export function ofEachMetric<Value>(
  valueOf: (descriptor: Registered) => Value,
): Readonly<Record<Metric, Value>> {
  return Object.fromEntries(REGISTRY.map((descriptor) => [descriptor.name, valueOf(descriptor)])) as Readonly<
    Record<Metric, Value>
  >;
}
