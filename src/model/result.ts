import { z } from "zod";
import {
  amount,
  atLeastOne,
  count,
  instant,
  name,
  sentence,
  share,
  signed,
  longText,
  type DeepReadonly,
} from "../bounded-values.js";
import { METRIC_UNITS } from "../metrics/metric-descriptor.js";
import { block } from "./block.js";
import { acceptance, armRole, metric, plan } from "./plan.js";
import { explanation } from "./explanation.js";
import { CELL_VERDICTS } from "./judgement.js";
import { schedule } from "./schedule.js";

export const RESULT_SCHEMA = "tailgate/result@1";

/** How a run ends. */
export const runVerdict = z.enum(["regression", "pass", "inconclusive", "no-baseline", "invalid"]);

/** Also a part of the history's lines. */
export const resultCell = z
  .object({
    scenario: name().nullable().describe("null for a cell of the service as a whole (memory)."),
    metric,
    arm: name().describe("The candidate that is compared with the baseline."),
    unit: z.enum(METRIC_UNITS),
    gated: z.boolean(),
    proof: z.boolean(),
    ungatedBecause: sentence().nullable(),
    baseline: amount().nullable().describe("Median over blocks, in unit."),
    candidate: amount().nullable().describe("Median over blocks, in unit."),
    change: signed()
      .nullable()
      .describe("Candidate over baseline minus one (difference for shares): 0.08 is 8 % more."),
    low: signed().nullable().describe("Lower bound of the two-sided 95 % interval of change."),
    high: signed().nullable().describe("Upper bound of the two-sided 95 % interval of change."),
    limit: amount().nullable().describe("The gate's limit."),
    floor: amount()
      .nullable()
      .default(null)
      .describe("The gate's floor, in unit: a worsening below it is never a regression."),
    effectiveLimit: amount()
      .nullable()
      .default(null)
      .describe(
        "The limit, or the floor as a share of base where that is more: what change is compared with.",
      ),
    p: share().nullable().describe("Family-wise adjusted p-value."),
    verdict: z.enum([...CELL_VERDICTS, "overloaded", "failing", "no-baseline", "unavailable"]),
    minimumDetectable: amount()
      .nullable()
      .describe("Smallest worsening that would have been found with 80 % probability."),
    accepted: acceptance.nullable(),
  })
  .describe("One row: scenario x metric x candidate arm.");

const arm = z.object({
  name: name(),
  role: armRole,
  revision: z.object({ sha: name(), label: name(), dirty: z.boolean() }).nullable(),
  buildMs: amount().nullable(),
  usageUnavailable: sentence().nullable(),
});

/** The machine; the history keeps a part of it. */
export const environment = z
  .object({
    tailgate: name(),
    node: name(),
    system: name(),
    cpuModel: name(),
    cores: count(),
    memoryBytes: amount(),
    placement: sentence().describe("What runs on which processors, in words."),
    runner: name().nullable(),
    attempt: count().describe("Which run of the same workflow this is: 2 and more is a re-run."),
  })
  .describe("The machine that measured.");

const sinceRelease = z
  .object({
    scenario: name().nullable(),
    metric,
    release: name().describe("The tag."),
    change: signed().describe("From the release to base, as in a cell."),
    low: signed().describe("Lower bound of its 95 % interval."),
    high: signed().describe("Upper bound of its 95 % interval."),
    limit: amount().describe("Limit of the gate for one change."),
    runs: count().describe("How many stored runs it is chained from."),
  })
  .describe("What had come together on base's branch since its last release.");

const commitBetween = z
  .object({
    sha: name(),
    subject: name(),
    measured: z
      .array(
        z.object({ scenario: name().nullable(), metric, change: signed(), low: signed(), high: signed() }),
      )
      .max(200)
      .describe("What a stored run of this commit against the one before it found of gated metrics."),
  })
  .describe("A commit that head holds and base does not.");

const runner = z
  .object({
    shard: atLeastOne().describe("Its number, from 1."),
    outcome: z.enum(["measured", "failed", "missing"]),
    why: sentence().nullable().describe("Why it gave nothing to judge; null where it did."),
    blocks: count().describe("Blocks of its own that are judged."),
    scenarios: z
      .array(name())
      .max(2_000)
      .nullable()
      .describe("Those that it was to measure; null where all runners measure all."),
    environment: environment.nullable().describe("null where it is missing."),
  })
  .describe("One machine of a run that was divided among several.");

/** `result.json`. Every field is data: reports are made from this alone. */
export const resultSchema = z
  .object({
    schema: z.literal(RESULT_SCHEMA),
    verdict: runVerdict,
    reason: sentence().describe("One sentence: why."),
    seed: z.int(),
    startedAt: instant(),
    durationMs: amount(),
    arms: z.array(arm).max(100),
    plan,
    schedule: schedule.nullable().describe("null when the run ended before its pilot did."),
    environment,
    warnings: z.array(z.object({ code: name(), message: sentence() })).max(2_000),
    cells: z.array(resultCell).max(20_000),
    stopped: z.object({ look: count(), blocks: count(), why: sentence() }),
    blocks: z.array(block).max(1_000),
    reproduce: sentence().describe("The command that repeats this run on a developer's machine."),
    logTail: z.object({ of: name(), lines: longText() }).nullable(),
    sinceRelease: z
      .array(sinceRelease)
      .max(20_000)
      .default([])
      .describe("Of each gated metric whose history is stored, in the order of the history."),
    between: z
      .array(commitBetween)
      .max(300)
      .default([])
      .describe(
        "Where base was named as the last release or the like: the commits in between, newest first.",
      ),
    runners: z.array(runner).max(64).optional().describe("Left out where one machine measured all."),
    explanation: explanation
      .nullable()
      .default(null)
      .describe("null when no diagnosis was asked for or made."),
  })
  .describe("What one run of Tailgate measured and decided.");

/**
 * The published JSON Schema of `result.json`.
 *
 * @public scripts/schemas.mjs writes it
 */
export function resultJsonSchema(): Record<string, unknown> {
  return {
    ...z.toJSONSchema(resultSchema, { io: "input", reused: "inline" }),
    title: RESULT_SCHEMA,
  };
}

export type Result = DeepReadonly<z.output<typeof resultSchema>>;
export type RunVerdict = Result["verdict"];
export type ResultArm = DeepReadonly<z.output<typeof arm>>;
export type Environment = DeepReadonly<z.output<typeof environment>>;
/** One row of the result: scenario x metric x candidate arm. */
export type ResultCell = DeepReadonly<z.output<typeof resultCell>>;
/**
 * Verdict of a cell in a run. Beyond what the statistics can say:
 * `overloaded`: the candidate cannot serve the rate, so its latency would only show how long the run lasted;
 * `failing`: its responses fail where the baseline's do not;
 * `no-baseline`: only the candidate has this scenario; `unavailable`: could not be measured here.
 */
export type CellVerdict = ResultCell["verdict"];
/** What had come together on base's branch since its last release. */
export type SinceRelease = Result["sinceRelease"][number];
/** A commit that head holds and base does not. */
export type CommitBetween = Result["between"][number];
/** One machine of a run that was divided among several. */
export type Runner = DeepReadonly<z.output<typeof runner>>;
/** Something that a reader should know and that does not decide. The code is stable, in kebab-case. */
export type Warning = Result["warnings"][number];
