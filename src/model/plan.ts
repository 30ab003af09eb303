import { z } from "zod";
import {
  amount,
  atLeastOne,
  count,
  name,
  positive,
  record,
  sentence,
  share,
  longText,
  type DeepReadonly,
} from "../bounded-values.js";
import { METRICS, ofEachMetric, SERVICE_METRICS, type ServiceMetricName } from "../metrics/metrics.js";

export const metric = z.enum(METRICS);
export const armRole = z.enum(["base", "head", "control", "stack"]);
export const commentWhen = z.enum(["always", "on-change", "never"]);
export const explainWhen = z.enum(["on-regression", "always", "never"]);

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

const gates = z
  .object(ofEachMetric(() => gateOrNone))
  .describe("The gate of each metric; null: measured and shown, not gated.");

/** A metric of the service has its gate in the plan itself: that of memory is `memoryGate`. */
export type ServiceGateKey = `${ServiceMetricName}Gate`;

export function serviceGateKey(metric: ServiceMetricName): ServiceGateKey {
  return `${metric}Gate`;
}

const serviceGates = Object.fromEntries(
  SERVICE_METRICS.map(({ name: metric }) => [serviceGateKey(metric), gateOrNone]),
) as Readonly<Record<ServiceGateKey, typeof gateOrNone>>;

const container = z
  .object({
    image: sentence().optional().describe("Of a registry or of the engine; `{arm}` is replaced."),
    dockerfile: sentence()
      .optional()
      .describe("Built for each arm instead: a folder with a Dockerfile, or the file itself."),
    network: z.enum(["host", "published"]),
    port: z
      .int()
      .min(1)
      .max(65_535)
      .optional()
      .describe("The port it listens on inside of its own network; left out: the one that it is given."),
  })
  .describe("Its service runs in a container of this image.");

const service = z
  .object({
    build: sentence().nullable(),
    start: sentence().describe("In a container: run by its shell; empty: what its image runs."),
    container: container.optional(),
    cwd: sentence(),
    env: record(sentence()),
    envFile: sentence().optional().describe("A file of variables in its code; `env` comes before it."),
    setup: sentence().nullable(),
    setupOnce: sentence()
      .optional()
      .describe("Run once for the whole run, in the code of the first arm that is built."),
    reset: sentence().nullable(),
    ready: z.object({
      path: sentence()
        .nullable()
        .describe("A path that must respond with success; null: any response to / below 500 will do."),
      timeoutMs: amount(),
      protocol: z.enum(["http1", "http2"]).optional().describe("Left out: http1."),
      method: name().optional().describe("Left out: GET."),
      headers: record(sentence()).optional(),
      status: z
        .array(z.int().min(0).max(999))
        .max(1_000)
        .optional()
        .describe("Status codes that mean ready, instead of the usual ones."),
      grpc: name()
        .optional()
        .describe(
          "Asked with gRPC's health check instead: this service, or the whole server where it is empty.",
        ),
    }),
    tls: z.boolean().optional().describe("Whether it serves over TLS. Its certificate is not checked."),
    socket: z.boolean().optional().describe("Whether it listens on a socket file instead of a port."),
    port: z
      .int()
      .min(0)
      .max(65_535)
      .nullable()
      .describe("A port the service insists on; null: any free port."),
    buildTimeoutMs: amount(),
  })
  .describe("How a service is built, started and reset.");

const protocol = z.enum(["http1", "http2", "grpc"]).optional().describe("Left out: http1.");

const load = z
  .object({
    connections: atLeastOne(),
    connection: z.enum(["keep-alive", "new"]),
    protocol,
    rate: z
      .union([positive(), z.literal("auto")])
      .describe(
        "Requests per second offered to every arm alike; auto: half of what the slowest arm but head can do.",
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

const scenario = z.object({
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

const login = z
  .object({ requests: z.array(request).max(1_000), expect: expectation, protocol })
  .describe(
    "Sent once to every arm of a block before its warm-up; all requests use what it captures, and its cookies.",
  );

export const acceptance = z
  .object({
    scenario: name().nullable(),
    metric,
    limit: amount(),
    reason: sentence(),
    until: name().describe("Last day on which it holds, YYYY-MM-DD (UTC)."),
  })
  .describe("A slow-down that a person has accepted, up to a size and until a day.");

/** Everything that is decided before anything is started. Fully resolved: no default is left open. */
export const plan = z
  .object({
    arms: z
      .array(z.object({ name: name(), role: armRole, service }))
      .min(1)
      .max(100),
    baseline: name().describe("Name of the arm that the others are compared with."),
    scenarios: z.array(scenario).min(1).max(2_000),
    login: login.optional(),
    ...serviceGates,
    accept: z.array(acceptance).max(2_000),
    experiment: z.object({
      budgetMs: positive(),
      alpha: share(),
      seed: z.int(),
      control: z.boolean(),
      strict: z.boolean().describe("Test against the limit itself instead of 0.4 of it."),
    }),
    explain: explainWhen
      .optional()
      .describe("When diagnosis blocks follow the verdict, to say why head is slower; left out: never."),
    report: z.object({ comment: commentWhen, key: name() }),
    history: z.boolean().optional().describe("Whether the default branch's runs are kept. Left out: not."),
    notes: z
      .array(sentence())
      .max(2_000)
      .describe("Where head's file differs from the one that governs, and the like."),
  })
  .describe("Everything that was decided before anything was started.");

/** The limit that a metric must keep. */
export type Gate = DeepReadonly<z.output<typeof gate>>;
/** `null`: measured and shown, not gated. */
export type Gates = DeepReadonly<z.output<typeof gates>>;
/** How one service is built, started and reset; paths are relative to its checkout. */
export type ServicePlan = DeepReadonly<z.output<typeof service>>;
export type ContainerPlan = DeepReadonly<z.output<typeof container>>;
export type LoadPlan = DeepReadonly<z.output<typeof load>>;
export type RequestPlan = DeepReadonly<z.output<typeof request>>;
export type BodySource = DeepReadonly<z.output<typeof bodySource>>;
/** Where in a response a value is found. */
export type Capture = DeepReadonly<z.output<typeof capture>>;
/** What a response must look like to count as served. */
export type Expectation = DeepReadonly<z.output<typeof expectation>>;
export type LoginPlan = DeepReadonly<z.output<typeof login>>;
export type ScenarioPlan = DeepReadonly<z.output<typeof scenario>>;
export type ArmRole = z.output<typeof armRole>;
/** A slow-down that a person has accepted, up to a size and until a day. */
export type Acceptance = DeepReadonly<z.output<typeof acceptance>>;
export type Plan = DeepReadonly<z.output<typeof plan>>;
export type ExperimentPlan = Plan["experiment"];
export type CommentWhen = Plan["report"]["comment"];
export type ExplainWhen = NonNullable<Plan["explain"]>;
/** One thing under test and how it is run. */
export type ArmPlan = Plan["arms"][number];
