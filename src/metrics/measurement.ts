import { z } from "zod";
import { amount, count, name, record, sentence, type DeepReadonly } from "../bounded-values.js";

/*
 * What one block measured of one arm: the raw material that every metric is read from. The schema is the description;
 * the types are inferred from it.
 */

const errorCounts = z
  .object({ status: count(), timeout: count(), connection: count(), body: count() })
  .describe("Requests by how they failed.");

const latencyQuantiles = z
  .object({
    p50: amount(),
    p75: amount(),
    p90: amount(),
    p95: amount(),
    p99: amount(),
    p999: amount(),
    max: amount(),
    mean: amount(),
  })
  .describe("Exact type-7 quantiles in microseconds over this block's served requests.");

const failureReason = z
  .object({
    outcome: z.enum(["status", "timeout", "connection", "body"]),
    reason: sentence().describe("A few words, which may hold text of the service: 301 to /login."),
    count: count(),
  })
  .describe("As many requests as failed in the same way for the same reason.");

const scenarioFields = z.object({
  requests: count(),
  errors: errorCounts,
  latencyUs: latencyQuantiles.nullable(),
  histogram: z
    .array(z.tuple([z.int().min(0).max(127), count()]))
    .max(128)
    .describe("128 logarithmic bins between 1 us and 100 s, as [bin, count] of those that are not empty."),
  achievedRatePerSecond: amount(),
  throughputPerSecond: amount().nullable(),
  cpuUsPerRequest: amount().nullable(),
  cpuShareOfCore: amount().nullable(),
  cpuShareOfCoreAtCapacity: amount()
    .nullable()
    .describe("With every connection busy: the most that the service takes."),
  bytesPerResponse: amount(),
  statuses: record(count()),
  reasons: z
    .array(failureReason)
    .max(100)
    .optional()
    .describe("Why requests failed: of each kind the most frequent reasons."),
  reconnects: count(),
});

const scenarioMeasurement = scenarioFields.refine(
  ({ requests, errors }) => Object.values(errors).reduce((sum, kind) => sum + kind, 0) <= requests,
  "counts more failures than requests",
);

const networkTime = z
  .object({
    connectUs: amount().describe("Opening a TCP connection: one way there and back."),
    tlsUs: amount().nullable().describe("The handshake behind it; null without TLS."),
    requestUs: amount().describe("A bare request on that connection, until the head of its response."),
  })
  .describe("The way to a service that runs elsewhere, before the block's load: medians of a few tries.");

/** What one arm did in one block. */
export const armMeasurement = z.object({
  port: z.int().min(0).max(65_535),
  startedInMs: amount(),
  processors: name().nullable(),
  peakResidentBytes: amount().nullable(),
  network: networkTime.optional(),
  scenarios: record(scenarioMeasurement),
});

export type ErrorCounts = DeepReadonly<z.output<typeof errorCounts>>;
export type FailureReason = DeepReadonly<z.output<typeof failureReason>>;
export type LatencyQuantiles = DeepReadonly<z.output<typeof latencyQuantiles>>;
/** What one arm did in one scenario of one block. */
export type ScenarioMeasurement = DeepReadonly<z.output<typeof scenarioMeasurement>>;
export type NetworkTime = DeepReadonly<z.output<typeof networkTime>>;
export type ArmMeasurement = DeepReadonly<z.output<typeof armMeasurement>>;

/** The quantiles and the maximum, in rising order, with their headings. */
export const LATENCY_QUANTILES: readonly {
  readonly quantile: keyof LatencyQuantiles;
  readonly label: string;
}[] = [
  { quantile: "p50", label: "p50" },
  { quantile: "p75", label: "p75" },
  { quantile: "p90", label: "p90" },
  { quantile: "p95", label: "p95" },
  { quantile: "p99", label: "p99" },
  { quantile: "p999", label: "p99.9" },
  { quantile: "max", label: "max" },
];
