import { z } from "zod";
import {
  amount,
  atLeastOne,
  count,
  longText,
  name,
  positive,
  record,
  sentence,
  type DeepReadonly,
} from "../bounded-values.js";
import { SERVICE_METRICS } from "../metrics/metrics.js";
import { gates } from "./gates-plan.js";

const protocol = z.enum(["http1", "http2", "grpc"]).optional().describe("Left out: http1.");

const load = z
  .object({
    connections: atLeastOne(),
    connection: z.enum(["keep-alive", "new"]),
    protocol,
    rate: z
      .union([positive(), z.literal("auto")])
      .describe(
        "Requests per second offered to every arm alike; auto: a fifth to a third of what the slowest arm but head can do.",
      ),
    requests: atLeastOne().describe("Per arm and block."),
    warmup: count(),
    timeoutMs: positive(),
  })
  .describe("Load of one scenario.");

const capture = z.discriminatedUnion("from", [
  z.object({ from: z.literal("json"), path: z.array(name()).max(100) }),
  z.object({ from: z.literal("header"), name: name() }),
]);

const formPart = z.discriminatedUnion("kind", [
  z.object({ kind: z.literal("value"), name: name(), value: sentence() }),
  z.object({ kind: z.literal("file"), name: name(), file: sentence(), type: name() }),
]);

const bodySource = z
  .discriminatedUnion("from", [
    z.object({ from: z.literal("file"), file: sentence() }),
    z.object({ from: z.literal("form"), boundary: name(), parts: z.array(formPart).max(1_000) }),
    z
      .object({ from: z.literal("message"), proto: sentence(), method: name(), json: longText() })
      .describe("A message of gRPC in JSON, of the kind that the method takes by the file `proto`."),
  ])
  .describe("What the body is made of where it is not text; `body` is then null.");

const request = z.object({
  method: name(),
  path: sentence().describe("Path and query; may hold {name} of a value captured from an earlier response."),
  headers: record(z.union([sentence(), z.array(sentence()).max(100)])).describe(
    "A list is sent as one header for each of its values.",
  ),
  body: longText().nullable(),
  bodySource: bodySource.optional(),
  capture: record(capture),
  redirects: count()
    .max(20)
    .optional()
    .describe("How many redirects are followed, to the same host only; left out: none."),
});

const expectation = z.object({
  status: z
    .array(z.int().min(0).max(999))
    .max(1_000)
    .describe("Accepted status codes; empty: any from 200 to 299."),
  contains: sentence().nullable(),
  bytes: z.object({ min: amount(), max: amount() }).nullable(),
});

export const scenario = z.object({
  name: name(),
  data: sentence()
    .optional()
    .describe("File whose rows fill in the requests: each request a row, in an order that the seed decides."),
  mix: record(amount())
    .optional()
    .describe(
      "Scenarios that are sent among one another as one load, with their weights; it has no requests of its own.",
    ),
  partOf: name().optional().describe("The mix that it is sent in; its own load is then not used."),
  requests: z
    .array(request)
    .max(1_000)
    .describe("One request, or a short sequence sent in order on one connection; a sequence is one sample."),
  expect: expectation,
  load,
  gates: gates.describe(
    `Not used among them: ${SERVICE_METRICS.map((one) => one.name).join(", ")}, whose gate is the plan's own.`,
  ),
  newInHead: z
    .boolean()
    .describe("Only head's file has it: it is measured on head alone and has no baseline."),
});

export const login = z
  .object({ requests: z.array(request).max(1_000), expect: expectation, protocol })
  .describe(
    "Sent once to every arm of a block before its warm-up; all requests use what it captures, and its cookies.",
  );

export type LoadPlan = DeepReadonly<z.output<typeof load>>;
export type RequestPlan = DeepReadonly<z.output<typeof request>>;
export type BodySource = DeepReadonly<z.output<typeof bodySource>>;
/** Where in a response a value is found. */
export type Capture = DeepReadonly<z.output<typeof capture>>;
/** What a response must look like to count as served. */
export type Expectation = DeepReadonly<z.output<typeof expectation>>;
export type LoginPlan = DeepReadonly<z.output<typeof login>>;
export type ScenarioPlan = DeepReadonly<z.output<typeof scenario>>;
