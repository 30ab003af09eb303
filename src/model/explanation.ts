import { z } from "zod";
import { amount, count, name, sentence, signed, type DeepReadonly } from "../bounded-values.js";
import { FUNCTION_ORIGINS } from "./profile.js";

/** As many functions as a report names. */
export const MOST_NAMED_FUNCTIONS = 5;

const profiled = {
  name: name().describe("As the runtime calls it; empty where it has none."),
  file: name()
    .nullable()
    .describe("From the checkout's root, or from the package's folder; null for the runtime's own code."),
  line: count().nullable().describe("Of its definition, at head where head has it."),
  origin: z.enum(FUNCTION_ORIGINS),
};

/** A time of a request, in microseconds, its change paired over the diagnosis blocks. */
const cpuChange = z.object({
  baselineUs: amount(),
  candidateUs: amount(),
  changeUs: signed(),
  lowUs: signed().describe("Lower bound of the interval, corrected for all functions that were looked at."),
  highUs: signed(),
});

const namedFunction = z.object({
  ...profiled,
  kind: z
    .enum(["changed", "new", "gone", "moved"])
    .describe("Whether both arms have it; moved: under another name or in another file."),
  from: z.object(profiled).nullable().describe("Where base has it, if it moved."),
  calls: z
    .object({ baseline: amount(), candidate: amount() })
    .nullable()
    .describe("Exact calls of a request; null where nothing counts them."),
  cpu: cpuChange
    .nullable()
    .describe(
      "CPU in the function itself and in the runtime's functions that it calls; null where nothing samples it.",
    ),
  cpuWithCalls: cpuChange.nullable().describe("CPU in the function and in everything that it calls."),
  within: z
    .object({ name: name(), calls: z.object({ baseline: amount(), candidate: amount() }).nullable() })
    .nullable()
    .describe("The runtime's function in which most of the change lies, if there is one."),
  alike: count().describe(
    "Further functions that are called more, or less, for its sake and by the same factor.",
  ),
});

/** Both arms' call paths in one tree. Node 0 is the root; the parent of a node stands before it. */
const callTree = z.object({
  functions: z.array(z.object(profiled)).max(10_000),
  nodes: z
    .array(
      z.object({
        parent: z.int().min(-1).max(100_000),
        function: z.int().min(-1).max(10_000).describe("Place in functions; -1 for the root."),
        baselineUs: amount().describe("CPU of a request in it and in what it calls."),
        candidateUs: amount(),
      }),
    )
    .max(20_000),
});

/** What the diagnosis can answer. */
export const FINDINGS = [
  "functions",
  "waiting",
  "costlier-calls",
  "nothing",
  "no-instrument",
  "failed",
] as const;

/** Why head is slower, as far as it can be told. */
export const explanation = z
  .object({
    scenario: name().nullable().describe("The scenario whose load ran; null when none did."),
    arm: name().nullable().describe("The candidate that is compared with the baseline."),
    finding: z.enum(FINDINGS),
    sentence: sentence().describe("The answer in words."),
    instruments: z.array(sentence()).max(20).describe("What looked at each arm, and what could not and why."),
    blocks: count(),
    functionsLookedAt: count().describe("Functions with enough CPU to be compared."),
    named: z.array(namedFunction).max(50).describe("The clearest first."),
    serviceCpu: cpuChange.nullable().describe("The whole service's CPU of a request."),
    latency: cpuChange
      .nullable()
      .describe("Median latency of a request under the instrument, its change paired over the blocks."),
    p99: cpuChange.nullable().default(null).describe("The same of the 99th percentile."),
    smallestNameableUs: amount()
      .nullable()
      .describe(
        "A change of one function's CPU of a request that would have been named in 8 of 10 diagnoses.",
      ),
    callTree: callTree.nullable(),
    profiles: z.array(name()).max(1_000).describe("Raw profiles, beside result.json."),
    durationMs: amount(),
    confidence: z.literal(0.95),
  })
  .describe("What the diagnosis blocks found out after the verdict. Nothing in it decides.");

export type Explanation = DeepReadonly<z.output<typeof explanation>>;
export type Finding = Explanation["finding"];
export type NamedFunction = Explanation["named"][number];
export type CallTree = NonNullable<Explanation["callTree"]>;
export type CpuChange = DeepReadonly<z.output<typeof cpuChange>>;
