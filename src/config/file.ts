import { z } from "zod";
import {
  type Parsed,
  parseBytes,
  parseDurationMs,
  parseLatencyUs,
  parsePercent,
  parsePercentagePoints,
} from "./quantity.js";

/*
 * The shape of tailgate.yml. The same source validates the file and describes it to editors (JSON Schema), so the
 * descriptions below are documentation.
 */

function quantity(parser: (text: string) => Parsed, description: string, examples: string[]) {
  return z
    .string()
    .meta({ description, examples })
    .transform((text, context) => {
      const parsed = parser(text);
      if (parsed.ok) return parsed.value;
      context.addIssue({ code: "custom", message: parsed.problem });
      return z.NEVER;
    });
}

const duration = (description: string, minimumMs: number, maximumMs: number) =>
  quantity(parseDurationMs, description, ["5s", "5m"]).refine((ms) => ms >= minimumMs && ms <= maximumMs, {
    message: `must be between ${minimumMs} ms and ${maximumMs / 1000} s`,
  });

const positivePercent = (description: string) =>
  quantity(parsePercent, description, ["5%"]).refine((share) => share > 0 && share <= 1, {
    message: "must be above 0% and at most 100%; to measure a metric without gating it, write `off`",
  });

function gate(
  limit: z.ZodType<number, string>,
  floor: z.ZodType<number, string> | null,
  description: string,
) {
  const full = z.strictObject({
    limit: limit.optional(),
    ...(floor ? { floor: floor.optional() } : {}),
    proof: z.boolean().optional().meta({
      description: "Whether green waits until this metric is shown to be within its limit.",
    }),
  });
  return z
    .union([
      z.literal(["off", false]).transform(() => "off" as const),
      limit.transform((value) => ({ limit: value })),
      full,
    ])
    .meta({ description });
}

const latencyFloor = quantity(parseLatencyUs, "A worsening smaller than this is never a regression.", [
  "0.1ms",
]);
const latencyGate = (name: string) =>
  gate(positivePercent(`How much slower ${name} may get.`), latencyFloor, `Gate on ${name}.`);

const gates = z
  .strictObject({
    p50: latencyGate("the median latency").optional(),
    p90: latencyGate("the 90th percentile of latency").optional(),
    p95: latencyGate("the 95th percentile of latency").optional(),
    p99: latencyGate("the 99th percentile of latency").optional(),
    throughput: gate(
      positivePercent("How much throughput may fall.").refine((share) => share < 1, {
        message: "must be below 100%: throughput cannot fall by more",
      }),
      null,
      "Gate on requests per second at capacity.",
    ).optional(),
    cpu: gate(
      positivePercent("How much CPU time per request may grow."),
      null,
      "Gate on CPU time per request.",
    ).optional(),
    memory: gate(
      positivePercent("How much peak memory may grow."),
      quantity(parseBytes, "Growth smaller than this is never a regression.", ["2MiB"]),
      "Gate on the peak resident memory of the service.",
    ).optional(),
    errors: gate(
      quantity(parsePercentagePoints, "How much the share of failed requests may grow.", ["0.1pp"]).refine(
        (share) => share > 0 && share < 1,
        { message: "must be above 0pp and below 100pp" },
      ),
      null,
      "Gate on the share of failed requests.",
    ).optional(),
  })
  .meta({ description: "Limits that head must keep." });

const scenarioGates = gates.omit({ memory: true });

const text = (maximum: number) => z.string().min(1).max(maximum);
const environmentName = z
  .string()
  .regex(/^[A-Za-z_][A-Za-z0-9_]*$/, "is not a name for an environment variable");
const scalar = z.union([z.string(), z.number(), z.boolean()]).transform(String);
const headerName = z.string().regex(/^[!#$%&'*+.^_`|~0-9A-Za-z-]+$/, "is not a name for a header");
const headerValue = scalar.refine((value) => !/[\r\n\0]/.test(value), { message: "must be on one line" });

const path = z
  .string()
  .max(8000)
  .regex(/^\/[!-~]*$/, "must start with `/` and hold no spaces; write other characters percent-encoded")
  .refine((value) => !value.startsWith("//"), {
    message: "must not start with `//`: only the service itself is measured",
  })
  .meta({ description: "Path and query.", examples: ["/users?limit=10"] });

const service = z
  .strictObject({
    build: text(10_000)
      .optional()
      .meta({ description: "Run once in each checkout before anything is measured." }),
    start: text(10_000)
      .optional()
      .meta({
        description: "Starts the service. Gets the port as PORT, and `{port}` is replaced.",
        examples: ["node server.js", "uvicorn app:app --port {port}"],
      }),
    cwd: text(1000).optional().meta({ description: "Where build and start run, inside each checkout." }),
    env: z
      .record(environmentName, scalar)
      .optional()
      .meta({ description: "Added to the job's own environment." }),
    setup: text(10_000)
      .optional()
      .meta({ description: "Run once before the first block, in base's checkout." }),
    reset: text(10_000).optional().meta({ description: "Run before each block, in base's checkout." }),
    ready: z
      .strictObject({
        path: path.optional(),
        timeout: duration("How long the service may take to answer.", 100, 1_800_000).optional(),
      })
      .optional()
      .meta({ description: "When the service counts as started." }),
    port: z.int().min(1).max(65535).optional().meta({
      description:
        "A port that the service insists on. Arms then run one after the other, which costs precision.",
    }),
    "build-timeout": duration("How long a build may take.", 1000, 21_600_000).optional(),
  })
  .meta({ description: "How the service is built and started." });

const load = z
  .strictObject({
    connections: z
      .int()
      .min(1)
      .max(1000)
      .optional()
      .meta({ description: "Open at the same time.", default: 10 }),
    connection: z
      .enum(["keep-alive", "new"])
      .optional()
      .meta({ description: "`new`: one per request; connecting is then part of the latency." }),
    rate: z
      .union([z.literal("auto"), z.number().positive().max(100_000)])
      .optional()
      .meta({ description: "Requests per second, or `auto`: half of what base can do." }),
    requests: z
      .int()
      .min(20)
      .max(1_000_000)
      .optional()
      .meta({ description: "Per arm and block.", default: 1000 }),
    warmup: z
      .int()
      .min(1)
      .max(1_000_000)
      .optional()
      .meta({ description: "Requests before each block.", default: 500 }),
    timeout: duration("A request that takes longer is an error.", 1, 600_000).optional(),
  })
  .meta({ description: "The load, the same for every arm." });

const capture = z.union([
  z.strictObject({
    json: text(1000).meta({ description: "Dotted path in the JSON answer.", examples: ["data.0.id"] }),
  }),
  z.strictObject({ header: headerName }),
]);

const request = z.strictObject({
  method: z
    .string()
    .regex(/^[A-Za-z]{1,20}$/, "is not an HTTP method")
    .transform((method) => method.toUpperCase())
    .optional(),
  path: path.optional(),
  headers: z.record(headerName, headerValue).optional(),
  body: z
    .union([z.string(), z.null(), z.record(z.string(), z.unknown()), z.array(z.unknown())])
    .optional()
    .meta({ description: "Text as it is; a mapping or a list is sent as JSON." }),
  capture: z
    .record(z.string().regex(/^[A-Za-z_][A-Za-z0-9_]*$/), capture)
    .optional()
    .meta({ description: "Values of the answer for later requests, written there as `{name}`." }),
});

const status = z.int().min(100).max(599);
const expectation = z
  .strictObject({
    status: z.union([status.transform((code) => [code]), z.array(status).min(1)]).optional(),
    contains: text(10_000).optional(),
    bytes: z
      .strictObject({ min: z.int().min(0).optional(), max: z.int().min(0).optional() })
      .refine((range) => (range.min ?? 0) <= (range.max ?? Infinity), { message: "has a min above its max" })
      .optional(),
  })
  .meta({ description: "What an answer must look like; else it is an error. Default: any 2xx status." });

const scenario = z
  .strictObject({
    name: text(300).optional(),
    path: path.optional().meta({ description: "Short for `request: { path }`." }),
    request: request.optional(),
    requests: z.array(request).min(1).max(20).optional().meta({
      description: "A short sequence sent in order on one connection; the whole sequence is one sample.",
    }),
    expect: expectation.optional(),
    load: load.optional(),
    gates: scenarioGates.optional(),
  })
  .refine((s) => [s.path, s.request, s.requests].filter((one) => one !== undefined).length <= 1, {
    message: "may have one of `path`, `request` and `requests`, not several",
  });

const acceptance = z.strictObject({
  scenario: text(300).optional().meta({ description: "Left out for memory, which belongs to the service." }),
  metric: z.enum(["p50", "p90", "p95", "p99", "throughput", "cpu", "memory", "errors"]),
  limit: z.union([
    quantity(parsePercent, "How much worse is accepted.", ["30%"]),
    quantity(parsePercentagePoints, "How many more errors are accepted.", ["1pp"]),
  ]),
  reason: text(500),
  until: z.iso
    .date("must be a day, like 2026-12-31")
    .meta({ description: "Last day on which it holds (UTC).", examples: ["2026-12-31"] }),
});

const experiment = z
  .strictObject({
    budget: duration("Measuring time; builds are not counted.", 5000, 21_600_000).optional(),
    alpha: quantity(parsePercent, "Chance of failing unchanged code that may be taken.", ["5%"])
      .refine((alpha) => alpha >= 0.001 && alpha < 0.5, { message: "must be between 0.1% and 50%" })
      .optional(),
    seed: z.int().min(0).max(4_294_967_295).optional(),
    control: z.boolean().optional().meta({ description: "Measure a second copy of base as well." }),
    strict: z
      .boolean()
      .optional()
      .meta({ description: "Red only when shown to be beyond the limit itself." }),
  })
  .meta({ description: "How long and how strictly to measure." });

const report = z.strictObject({
  comment: z.enum(["always", "on-change", "never"]).optional(),
  key: z
    .string()
    .regex(/^[A-Za-z0-9][A-Za-z0-9._-]{0,63}$/, "must be letters, digits, `.`, `_`, `-`; at most 64")
    .optional(),
});

/** tailgate.yml as written, with quantities parsed and nothing filled in. */
export const fileSchema = z
  .strictObject({
    service: service.optional(),
    load: load.optional(),
    scenarios: z.array(scenario).min(1).max(200).optional(),
    gates: gates.optional(),
    accept: z.array(acceptance).max(1000).optional(),
    experiment: experiment.optional(),
    report: report.optional(),
    arms: z
      .record(
        z
          .string()
          .regex(/^[A-Za-z0-9][A-Za-z0-9._-]{0,63}$/, "must be letters, digits, `.`, `_`, `-`; at most 64"),
        service,
      )
      .optional()
      .meta({ description: "Compare whole services by name instead of two commits." }),
    baseline: z.string().optional().meta({ description: "The arm that the others are compared with." }),
  })
  .meta({ title: "tailgate.yml", description: "Configuration of the Tailgate latency gate." });

export type ConfigFile = z.output<typeof fileSchema>;
export type ServiceSection = z.output<typeof service>;
export type LoadSection = z.output<typeof load>;
export type GatesSection = z.output<typeof gates>;
export type ScenarioSection = z.output<typeof scenario>;
export type RequestSection = z.output<typeof request>;
