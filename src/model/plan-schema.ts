import { z } from "zod";
import { METRICS } from "./plan.js";
import { amount, count, name, record, sentence, share, text } from "../bounded-values.js";

export const metric = z.enum(METRICS);
export const armRole = z.enum(["base", "head", "control", "stack"]);

const gate = z
  .object({
    limit: amount().describe(
      "Allowed worsening: relative (0.05 is 5 %), for errors absolute (0.001 is 0.1 percentage points).",
    ),
    floor: amount().describe("A worsening smaller than this is never a regression; in the metric's unit."),
    proof: z.boolean().describe("Whether green waits until the metric is shown to be within its limit."),
  })
  .describe("The limit that a metric must keep.");

const gates = z
  .object({
    p50: gate.nullable(),
    p90: gate.nullable(),
    p95: gate.nullable(),
    p99: gate.nullable(),
    throughput: gate.nullable(),
    cpu: gate.nullable(),
    memory: gate.nullable(),
    errors: gate.nullable(),
  })
  .describe("The gate of each metric; null: measured and shown, not gated.");

const service = z
  .object({
    build: sentence().nullable(),
    start: sentence(),
    cwd: sentence(),
    env: record(sentence()),
    setup: sentence().nullable(),
    reset: sentence().nullable(),
    ready: z.object({ path: sentence().nullable(), timeoutMs: amount() }),
    port: z
      .int()
      .min(0)
      .max(65_535)
      .nullable()
      .describe("A port the service insists on; null: any free port."),
    buildTimeoutMs: amount(),
  })
  .describe("How a service is built, started and reset.");

const load = z
  .object({
    connections: count(),
    connection: z.enum(["keep-alive", "new"]),
    rate: z.union([amount(), z.literal("auto")]).describe("Requests per second, or auto."),
    requests: count().describe("Per arm and block."),
    warmup: count(),
    timeoutMs: amount(),
  })
  .describe("Load of one scenario.");

const capture = z.discriminatedUnion("from", [
  z.object({ from: z.literal("json"), path: z.array(name()).max(100) }),
  z.object({ from: z.literal("header"), name: name() }),
]);

const request = z.object({
  method: name(),
  path: sentence(),
  headers: record(sentence()),
  body: text().nullable(),
  capture: record(capture),
});

const expectation = z.object({
  status: z.array(z.int().min(0).max(999)).max(1_000),
  contains: sentence().nullable(),
  bytes: z.object({ min: amount(), max: amount() }).nullable(),
});

const scenario = z.object({
  name: name(),
  requests: z.array(request).max(1_000),
  expect: expectation,
  load,
  gates,
  newInHead: z
    .boolean()
    .describe("Only head's file has it: it is measured on head alone and has no baseline."),
});

export const acceptance = z
  .object({
    scenario: name().nullable(),
    metric,
    limit: amount(),
    reason: sentence(),
    until: name().describe("Last day on which it holds, YYYY-MM-DD (UTC)."),
  })
  .describe("A slow-down that a person has accepted, up to a size and until a day.");

/** Schema of `Plan`. */
export const plan = z
  .object({
    arms: z.array(z.object({ name: name(), role: armRole, service })).max(100),
    baseline: name().describe("Name of the arm that the others are compared with."),
    scenarios: z.array(scenario).max(2_000),
    memoryGate: gate.nullable(),
    accept: z.array(acceptance).max(2_000),
    experiment: z.object({
      budgetMs: amount(),
      alpha: share(),
      seed: z.number(),
      control: z.boolean(),
      strict: z.boolean(),
    }),
    report: z.object({ comment: z.enum(["always", "on-change", "never"]), key: name() }),
    notes: z
      .array(sentence())
      .max(2_000)
      .describe("Where head's file differs from the one that governs, and the like."),
  })
  .describe("Everything that was decided before anything was started.");
