import { z } from "zod";
import { amount, type DeepReadonly } from "../bounded-values.js";
import { ofEachMetric, SERVICE_METRICS, type ServiceMetricName } from "../metrics/metrics.js";

const gate = z
  .object({
    limit: amount().describe(
      "Allowed worsening: relative (0.05 is 5 %), for errors absolute (0.001 is 0.1 percentage points).",
    ),
    floor: amount().describe("A worsening smaller than this is never a regression; in the metric's unit."),
    proof: z.boolean().describe("Whether green waits until the metric is shown to be within its limit."),
  })
  .describe("The limit that a metric must keep.");

/** `null` also for a metric that the version which wrote the document did not know. */
const gateOrNone = gate.nullable().default(null);

export const gates = z
  .object(ofEachMetric(() => gateOrNone))
  .describe("The gate of each metric; null: measured and shown, not gated.");

/** A metric of the service has its gate in the plan itself: that of memory is `memoryGate`. */
export type ServiceGateKey = `${ServiceMetricName}Gate`;

export function serviceGateKey(metric: ServiceMetricName): ServiceGateKey {
  return `${metric}Gate`;
}

export const serviceGates = Object.fromEntries(
  SERVICE_METRICS.map(({ name: metric }) => [serviceGateKey(metric), gateOrNone]),
) as Readonly<Record<ServiceGateKey, typeof gateOrNone>>;

/** The limit that a metric must keep. */
export type Gate = DeepReadonly<z.output<typeof gate>>;
/** `null`: measured and shown, not gated. */
export type Gates = DeepReadonly<z.output<typeof gates>>;
