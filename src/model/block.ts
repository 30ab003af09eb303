import { z } from "zod";
import {
  amount,
  atLeastOne,
  count,
  instant,
  name,
  record,
  sentence,
  signed,
  type DeepReadonly,
} from "../bounded-values.js";
import { armMeasurement } from "../metrics/measurement.js";

const generatorHealth = z
  .object({
    busyShare: amount().describe("Share of the generator's core that it used."),
    latenessP50Us: signed(),
    latenessP99Us: signed().describe("How late requests left that had an idle connection."),
    queuedWhileIdle: count().describe("Requests that were queued although a connection was idle."),
    cpuUs: amount().describe("CPU time of the generator process, all threads."),
  })
  .describe("How the generator itself did.");

/**
 * What a busy machine does to the generator now and then. Latency counts from the actual write, so one such block
 * still compares both arms fairly. Dropping it would drop just those blocks in which a CPU-hungry head starves the
 * generator.
 */
const validityWarnings = [
  z.object({ kind: z.literal("generator-busy"), busyShare: amount() }),
  z.object({ kind: z.literal("generator-starved"), latenessP50Us: signed() }),
  z.object({ kind: z.literal("dispatch-late"), latenessP99Us: signed() }),
  z.object({ kind: z.literal("rate-missed"), arm: name(), wanted: amount(), achieved: amount() }),
] as const;

const loadValidityFailures = [
  ...validityWarnings,
  z.object({ kind: z.literal("queued-while-idle"), requests: count() }),
  z.object({ kind: z.literal("unaccounted"), arm: name(), sent: count(), accounted: count() }),
] as const;

const validityFailure = z
  .discriminatedUnion("kind", [
    ...loadValidityFailures,
    z.object({ kind: z.literal("foreign-listener"), arm: name(), reason: sentence() }),
    z.object({ kind: z.literal("arm-gone"), arm: name(), reason: sentence() }),
    z.object({ kind: z.literal("generator-gone"), reason: sentence() }),
  ])
  .describe("Why a block cannot be believed.");

const validityWarning = z.discriminatedUnion("kind", validityWarnings);

const machineNoise = z.object({
  stealShare: amount().nullable(),
  cpuPressureShare: amount().nullable(),
  otherWorkShare: amount()
    .optional()
    .describe(
      "Share of all processors' time that was taken right after the arms had ended; left out where few tasks had waited for a processor before.",
    ),
});

/** One launch of every arm: the unit of statistics. Stored as one line of `blocks.ndjson` as soon as it ends. */
export const block = z
  .object({
    index: count(),
    attempt: count(),
    seed: z.int(),
    shard: atLeastOne().optional().describe("The runner of a divided run that measured it, from 1."),
    startedAt: instant(),
    durationMs: amount(),
    startOrder: z.array(name()).max(100),
    arms: record(armMeasurement),
    generator: generatorHealth,
    machine: machineNoise,
    distrust: z
      .array(validityFailure)
      .max(1_000)
      .describe("Anything here makes the block worthless: it is run again once."),
    doubts: z
      .array(validityWarning)
      .max(1_000)
      .describe("What a busy machine does to the generator now and then."),
  })
  .describe("One launch of every arm: the unit of statistics.");

export type Block = DeepReadonly<z.output<typeof block>>;
export type GeneratorHealth = DeepReadonly<z.output<typeof generatorHealth>>;
/** Machine noise while the block ran; shown, never a reason to drop it. `null` where unknown. */
export type MachineNoise = DeepReadonly<z.output<typeof machineNoise>>;
/** Why a block cannot be believed. */
export type ValidityFailure = DeepReadonly<z.output<typeof validityFailure>>;
/** Why the numbers of one phase of load cannot be believed. */
export type LoadValidityFailure = DeepReadonly<z.output<(typeof loadValidityFailures)[number]>>;
/** What one block may have and a whole run may not. */
export type ValidityWarning = DeepReadonly<z.output<typeof validityWarning>>;
