import { z } from "zod";
import { DEFAULT_GATES } from "../defaults.js";
import { DURATION_UNITS, positivePercent, quantity } from "./values.js";
import type { Metric } from "../../metrics/metrics.js";
import { parseBytes, parseLatencyUs, parsePercentagePoints } from "./parse-quantity.js";
import { writtenBytes, writtenLatency, writtenPercent, writtenPoints } from "./write-quantity.js";

/** A gate as written: a limit, a mapping, or `off`. */
function gate(
  metric: Metric,
  limit: z.ZodType<number, string>,
  floor: z.ZodType<number, string> | null,
  description: string,
) {
  const { limit: standard, proof } = DEFAULT_GATES[metric];
  const full = z.strictObject({
    limit: limit.optional(),
    ...(floor ? { floor: floor.optional() } : {}),
    proof: z
      .boolean()
      .optional()
      .meta({
        description: "Whether green waits until this metric is shown to be within its limit.",
        default: proof,
        examples: [true, false],
      }),
  });
  const short = metric === "errors" ? writtenPoints(standard) : writtenPercent(standard);
  return z
    .union(
      [
        z.literal(["off", false]).transform(() => "off" as const),
        limit.transform((value) => ({ limit: value })),
        full,
      ],
      {
        error: `write a limit with its unit, like \`${short}\`, a mapping with \`limit\`, \`floor\` and \`proof\`, or \`off\``,
      },
    )
    .optional()
    .meta({
      description: `${description} A limit, or a mapping, or \`off\`: measured and shown, not gated.`,
      default: short,
      examples: [short, { limit: short, proof: false }, "off"],
    });
}

const relative = (metric: Metric, description: string) =>
  positivePercent({
    description,
    default: writtenPercent(DEFAULT_GATES[metric].limit),
    examples: ["5%", "12.5%"],
  });

const latencyFloor = quantity(parseLatencyUs, DURATION_UNITS, {
  description: "A worsening smaller than this is never a regression.",
  default: writtenLatency(DEFAULT_GATES.p50.floor),
  examples: ["0.1ms", "50us"],
});

const latencyGate = (metric: "p50" | "p90" | "p95" | "p99", name: string) =>
  gate(metric, relative(metric, `How much slower ${name} may get.`), latencyFloor, `Gate on ${name}.`);

export const gates = z
  .strictObject({
    p50: latencyGate("p50", "the median latency"),
    p90: latencyGate("p90", "the 90th percentile of latency"),
    p95: latencyGate("p95", "the 95th percentile of latency"),
    p99: latencyGate("p99", "the 99th percentile of latency"),
    throughput: gate(
      "throughput",
      relative("throughput", "How much throughput may fall.").refine((share) => share < 1, {
        message: "must be below 100%: throughput cannot fall by more",
      }),
      null,
      "Gate on requests per second at capacity.",
    ),
    cpu: gate(
      "cpu",
      relative("cpu", "How much CPU time per request may grow."),
      null,
      "Gate on CPU time per request.",
    ),
    memory: gate(
      "memory",
      relative("memory", "How much peak memory may grow."),
      quantity(parseBytes, "B|kB|KiB|MB|MiB|GB|GiB", {
        description: "Growth smaller than this is never a regression.",
        default: writtenBytes(DEFAULT_GATES.memory.floor),
        examples: ["2MiB"],
      }),
      "Gate on the peak resident memory of the service.",
    ),
    errors: gate(
      "errors",
      quantity(parsePercentagePoints, "pp", {
        description: "How much the share of failed requests may grow, in percentage points.",
        default: writtenPoints(DEFAULT_GATES.errors.limit),
        examples: ["0.1pp"],
      }).refine((share) => share > 0 && share < 1, { message: "must be above 0pp and below 100pp" }),
      null,
      "Gate on the share of failed requests.",
    ),
  })
  .meta({
    description: "Limits that head must keep.",
    examples: [{ p50: "5%", p95: { limit: "10%", floor: "0.5ms" }, memory: "off" }],
  });

export const scenarioGates = gates
  .omit({ memory: true })
  .meta({ description: "Limits for this scenario alone.", examples: [{ p99: "25%" }] });
