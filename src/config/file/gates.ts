import { z } from "zod";
import type { MetricDescriptor, MetricUnit } from "../../metrics/metric-descriptor.js";
import { type Metric, ofEachMetric, SCENARIO_METRICS } from "../../metrics/metrics.js";
import { parseBytes, parseLatencyUs, parsePercentagePoints } from "./parse-quantity.js";
import { DURATION_UNITS, positivePercent, quantity } from "./values.js";
import { writtenBytes, writtenLatency, writtenLimit } from "./write-quantity.js";

/** A gate as written: a limit, a mapping, or `off`. */
function gate(metric: MetricDescriptor) {
  const { gate: standard, gatedByDefault, gateReference } = metric;
  const limit = limitOn(metric);
  const floor = floorOf(metric);
  const proof = z
    .boolean()
    .optional()
    .meta({
      description: "Whether green waits until this metric is shown to be within its limit.",
      default: standard.proof,
      examples: [true, false],
    });
  const full =
    floor === null
      ? z.strictObject({ limit: limit.optional(), proof })
      : z.strictObject({ limit: limit.optional(), floor: floor.optional(), proof });
  const short = writtenLimit(metric, standard.limit);
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
      description: `${gateReference.gate} A limit, or a mapping, or \`off\`: measured and shown, not gated.`,
      default: gatedByDefault ? short : "off",
      examples: [short, { limit: short, proof: false }, "off"],
    });
}

function limitOn({ name, scale, worse, gate, gateReference }: MetricDescriptor): z.ZodType<number, string> {
  const description = gateReference.limit;
  switch (scale) {
    case "log": {
      const limit = positivePercent({
        description,
        default: writtenLimit({ scale }, gate.limit),
        examples: ["5%", "12.5%"],
      });
      // Nothing falls by all of itself.
      return worse === "higher"
        ? limit
        : limit.refine((share) => share < 1, { message: `must be below 100%: ${name} cannot fall by more` });
    }
    case "difference":
      return quantity(parsePercentagePoints, "pp", {
        description,
        default: writtenLimit({ scale }, gate.limit),
        examples: [writtenLimit({ scale }, gate.limit)],
      }).refine((share) => share > 0 && share < 1, { message: "must be above 0pp and below 100pp" });
  }
}

/** `null` where the metric has no floor that a file could set. */
function floorOf({ name, unit, gate, gateReference }: MetricDescriptor): z.ZodType<number, string> | null {
  if (gateReference.floor === null) return null;
  const written = FLOORS[unit];
  if (written === undefined) throw new Error(`A floor of ${name} cannot be written: nothing reads ${unit}.`);
  return written(gateReference.floor, gate.floor);
}

type Floor = (description: string, standard: number) => z.ZodType<number, string>;

/** How a floor is written, by the unit of its metric. */
const FLOORS: Partial<Record<MetricUnit, Floor>> = {
  us: (description, standard) =>
    quantity(parseLatencyUs, DURATION_UNITS, {
      description,
      default: writtenLatency(standard),
      examples: ["0.1ms", "50us"],
    }),
  bytes: (description, standard) =>
    quantity(parseBytes, "B|kB|KiB|MB|MiB|GB|GiB", {
      description,
      default: writtenBytes(standard),
      examples: ["2MiB"],
    }),
};

type GateSchema = ReturnType<typeof gate>;

function gatesOn<Name extends Metric>(
  metrics: readonly (MetricDescriptor & { readonly name: Name })[],
): Readonly<Record<Name, GateSchema>> {
  return Object.fromEntries(metrics.map((metric) => [metric.name, gate(metric)])) as Record<Name, GateSchema>;
}

export const gates = z.strictObject(ofEachMetric(gate)).meta({
  description: "Limits that head must keep.",
  examples: [{ p50: "5%", p95: { limit: "10%", floor: "0.5ms" }, memory: "off" }],
});

export const scenarioGates = z
  .strictObject(gatesOn(SCENARIO_METRICS))
  .meta({ description: "Limits for this scenario alone.", examples: [{ p99: "25%" }] });
