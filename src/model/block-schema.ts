import { z } from "zod";
import { amount, count, instant, name, record, sentence, share, signed } from "../bounded-values.js";

const errorCounts = z
  .object({ status: count(), timeout: count(), connection: count(), body: count() })
  .describe("Requests by how they failed.");

const latency = z
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

const scenarioObservation = z.object({
  requests: count(),
  errors: errorCounts,
  latencyUs: latency.nullable(),
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
  reconnects: count(),
});

const armObservation = z.object({
  port: z.int().min(0).max(65_535),
  startedInMs: amount(),
  processors: name().nullable(),
  peakResidentBytes: amount().nullable(),
  scenarios: record(scenarioObservation),
});

const doubts = [
  z.object({ kind: z.literal("generator-busy"), busyShare: amount() }),
  z.object({ kind: z.literal("generator-starved"), latenessP50Us: signed() }),
  z.object({ kind: z.literal("dispatch-late"), latenessP99Us: signed() }),
  z.object({ kind: z.literal("rate-missed"), arm: name(), wanted: amount(), achieved: amount() }),
] as const;

const distrust = z
  .discriminatedUnion("kind", [
    ...doubts,
    z.object({ kind: z.literal("queued-while-idle"), requests: count() }),
    z.object({ kind: z.literal("unaccounted"), arm: name(), sent: count(), accounted: count() }),
    z.object({ kind: z.literal("foreign-listener"), arm: name(), reason: sentence() }),
    z.object({ kind: z.literal("arm-gone"), arm: name(), reason: sentence() }),
    z.object({ kind: z.literal("checkout-changed"), arm: name(), reason: sentence() }),
  ])
  .describe("Why a block cannot be believed.");

/** Schema of `Block`. */
export const block = z
  .object({
    index: count(),
    attempt: count(),
    seed: z.number(),
    startedAt: instant(),
    durationMs: amount(),
    startOrder: z.array(name()).max(100),
    arms: record(armObservation),
    generator: z.object({
      busyShare: amount(),
      latenessP50Us: signed(),
      latenessP99Us: signed(),
      queuedWhileIdle: count(),
      cpuUs: amount(),
    }),
    machine: z.object({ stealShare: amount().nullable(), cpuPressureShare: amount().nullable() }),
    distrust: z
      .array(distrust)
      .max(1_000)
      .describe("Anything here makes the block worthless: it is run again once."),
    doubts: z
      .array(z.discriminatedUnion("kind", doubts))
      .max(1_000)
      .describe("What a busy machine does to the generator now and then."),
  })
  .describe("One launch of every arm: the unit of statistics.");

/** Schema of `Schedule`. */
export const schedule = z
  .object({
    loads: z
      .array(
        z.object({
          scenario: name(),
          arms: z.array(name()).max(100),
          ratePerSecond: amount(),
          rateFrom: z.enum(["fixed", "auto"]),
          capacityPerSecond: record(amount().nullable()),
          burstMs: amount(),
          capacityBurstMs: amount(),
          requests: count(),
          warmupRequests: count(),
          capacityRequests: count(),
        }),
      )
      .max(2_000),
    estimatedBlockMs: amount(),
    maximumBlocks: count(),
    looks: z.array(count()).max(100),
    alpha: share(),
    seed: z.number(),
    sideBySide: z.boolean(),
  })
  .describe("The experiment as announced before its first block.");
