import { z } from "zod";
import { METRICS } from "../../metrics/metrics.js";
import { commentWhen } from "../../model/plan.js";
import { DEFAULT_EXPERIMENT } from "../defaults.js";
import { gates, type scenarioGates } from "./gates.js";
import { load } from "./load.js";
import { scenarios } from "./scenarios.js";
import { service } from "./service.js";
import { duration, quantity, shortName, text } from "./values.js";
import { parsePercent, parsePercentagePoints } from "./parse-quantity.js";
import { writtenDuration, writtenPercent } from "./write-quantity.js";

export type { RequestSection, ScenarioSection } from "./scenarios.js";

/*
 * The shape of tailgate.yml. The same source validates the file and describes it to editors (JSON Schema) and in
 * docs/configuration.md, so the descriptions are documentation.
 */

const acceptance = z.strictObject({
  scenario: text(300)
    .optional()
    .meta({
      description: "Name of the scenario. Left out for memory, which belongs to the service.",
      examples: ["list users"],
    }),
  metric: z.enum(METRICS).meta({ description: "Which metric may get worse.", examples: [METRICS[0]] }),
  limit: z
    .union(
      [
        quantity(parsePercent, "%", { description: "How much worse is accepted.", examples: ["30%"] }),
        quantity(parsePercentagePoints, "pp", {
          description: "How many more errors are accepted.",
          examples: ["1pp"],
        }),
      ],
      { error: "write it with its unit, like `30%`" },
    )
    .meta({
      description: "How much worse is accepted, in place of the gate's limit.",
      examples: ["30%", "1pp"],
    }),
  reason: text(500).meta({
    description: "Why; it stands in every report.",
    examples: ["writes the audit log"],
  }),
  until: z.iso
    .date("must be a day, like 2026-12-31")
    .meta({ description: "Last day on which it holds (UTC).", examples: ["2026-12-31"] }),
});

const experiment = z
  .strictObject({
    budget: duration(5000, 21_600_000, {
      description:
        "Measuring time at most; builds are not counted. Without a clear answer all of it is used.",
      default: writtenDuration(DEFAULT_EXPERIMENT.budgetMs),
      examples: ["3m", "10m"],
    }).optional(),
    alpha: quantity(parsePercent, "%", {
      description: "Chance of failing unchanged code that may be taken, over the whole run.",
      default: writtenPercent(DEFAULT_EXPERIMENT.alpha),
      examples: ["1%"],
    })
      .refine((alpha) => alpha >= 0.001 && alpha < 0.5, { message: "must be between 0.1% and 50%" })
      .optional(),
    seed: z
      .int()
      .min(0)
      .max(4_294_967_295)
      .optional()
      .meta({
        description: "Of every random choice: order, ports, arrival times, sign flips.",
        default: DEFAULT_EXPERIMENT.seed,
        examples: [42],
      }),
    control: z
      .boolean()
      .optional()
      .meta({
        description:
          "Measure a second copy of base as well; if that copy differs from base, the run is inconclusive.",
        default: DEFAULT_EXPERIMENT.control,
        examples: [true],
      }),
    strict: z
      .boolean()
      .optional()
      .meta({
        description:
          "Red only when shown to be worse than the limit itself. Without it, red when shown to be worse than 0.4 of the limit and measured at the limit or beyond.",
        default: DEFAULT_EXPERIMENT.strict,
        examples: [true],
      }),
  })
  .meta({ description: "How long and how strictly to measure.", examples: [{ budget: "3m" }] });

const report = z
  .strictObject({
    comment: z
      .enum(commentWhen.options)
      .optional()
      .meta({
        description:
          "Whether to comment: on every pull request, only when there is more to say than that nothing changed, or never.",
        default: "always",
        examples: ["on-change"],
      }),
    key: shortName.optional().meta({
      description: "Name of this suite, where several comment on the same pull request.",
      default: "default",
      examples: ["api"],
    }),
  })
  .meta({ description: "What is told, and where.", examples: [{ comment: "on-change", key: "api" }] });

/** tailgate.yml as written, with quantities parsed and nothing filled in. */
export const fileSchema = z
  .strictObject({
    service: service.optional(),
    load: load.optional(),
    scenarios,
    gates: gates.optional(),
    accept: z
      .array(acceptance)
      .max(1000)
      .optional()
      .meta({
        description:
          "Slow-downs that a person has accepted, each up to a size and until a day. Read from head's file, so a pull request can carry its own; every use is a line in the report.",
        default: [],
        examples: [
          [
            {
              scenario: "list users",
              metric: METRICS[0],
              limit: "30%",
              reason: "writes the audit log",
              until: "2026-12-31",
            },
          ],
        ],
      }),
    experiment: experiment.optional(),
    report: report.optional(),
    arms: z
      .record(shortName, service)
      .optional()
      .meta({
        description:
          "Compare whole services by name instead of two commits. Each is a `service`, with the keys of the top-level `service` where it has none of its own. Nothing is gated unless `gates` says so.",
        examples: [{ fastapi: { start: "uvicorn app:app --port {port}" }, axum: { start: "./server" } }],
      }),
    baseline: z
      .string()
      .optional()
      .meta({
        description: "The arm that the others are compared with. Left out: the first.",
        examples: ["fastapi"],
      }),
  })
  .meta({ title: "tailgate.yml", description: "Configuration of the Tailgate latency gate." });

export type ConfigFile = z.output<typeof fileSchema>;
export type ServiceSection = z.output<typeof service>;
export type LoadSection = z.output<typeof load>;
export type GatesSection = z.output<typeof gates>;
export type ScenarioGatesSection = z.output<typeof scenarioGates>;
