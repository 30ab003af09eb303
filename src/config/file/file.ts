import { z } from "zod";
import { METRICS } from "../../metrics/metrics.js";
import { commentWhen, explainWhen } from "../../model/plan.js";
import { DEFAULT_EXPLAIN } from "../defaults.js";
import { experiment } from "./experiment.js";
import { gates, type scenarioGates } from "./gates.js";
import { load } from "./load.js";
import { scenarios } from "./scenarios.js";
import { allowedHosts, arm, maxRate } from "./deployment.js";
import { service } from "./service.js";
import { login } from "./request/login.js";
import { dataFile, quantity, shortName, text } from "./values.js";
import { parsePercent, parsePercentagePoints } from "./parse-quantity.js";

export type { LoginSection } from "./request/login.js";
export type { FormSection } from "./request/body.js";
export type { RequestSection } from "./request/request.js";
export type { ScenarioSection } from "./scenarios.js";

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
    description: "The reason. Every report shows it.",
    examples: ["writes the audit log"],
  }),
  until: z.iso
    .date("must be a day, like 2026-12-31")
    .meta({ description: "Last day on which it holds (UTC).", examples: ["2026-12-31"] }),
});

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
  .meta({
    description: "The comment on the pull request.",
    examples: [{ comment: "on-change", key: "api" }],
  });

/** tailgate.yml as written, with quantities parsed and nothing filled in. */
export const fileSchema = z
  .strictObject({
    service: service.optional(),
    load: load.optional(),
    scenarios,
    data: dataFile.optional().meta({
      description:
        "Rows that fill in requests: CSV with the names of its columns first, or one JSON object a line. Each request takes a row, in an order that the seed decides, the same for every arm; `{column}` is replaced in path, headers, body and form. `{sequence}` and `{uuid}` never repeat and need no file.",
      examples: ["load/users.csv"],
    }),
    login,
    mix: z
      .record(text(300), z.number().positive().max(1_000_000))
      .refine((mix) => Object.keys(mix).length > 1, { message: "needs two scenarios or more" })
      .optional()
      .meta({
        description:
          "Scenarios that are sent among one another as one load, by their weights, and so compete as in life. Each of them has its own latencies, errors and size; throughput and CPU are those of the whole, which is called `mix`.",
        examples: [{ "list users": 70, "GET /users/1": 30 }],
      }),
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
    explain: z
      .enum(explainWhen.options)
      .optional()
      .meta({
        description:
          "When to find out why head is slower: after a regression, after every run that measured something, or never. Diagnosis blocks then follow the verdict, which they cannot change; they take a quarter of the budget more at most.",
        default: DEFAULT_EXPLAIN,
        examples: ["never"],
      }),
    report: report.optional(),
    history: z
      .boolean()
      .optional()
      .meta({
        description:
          "Whether runs of the default branch are kept (`mode: history` in a job of its own stores them), and whether reports of pull requests say what has come together since the last release.",
        default: false,
        examples: [true],
      }),
    arms: z
      .record(shortName, arm)
      .optional()
      .meta({
        description:
          "Compare whole services by name instead of two commits. Each is a `service`; the keys that it leaves out are those of the top-level `service`. Nothing is gated unless `gates` says so. Arms with a `url` run elsewhere; where they are called `base` and `head`, the usual gates hold, and `control` may be a second deployment of base.",
        examples: [
          { fastapi: { start: "uvicorn app:app --port {port}" }, axum: { start: "./server" } },
          { base: { url: "https://shop.example.com" }, head: { url: "${PREVIEW_URL}" } },
        ],
      }),
    "allowed-hosts": allowedHosts.optional(),
    "max-rate": maxRate.optional(),
    baseline: z
      .string()
      .optional()
      .meta({
        description:
          "The arm that the others are compared with. Left out: the first, or `base` among arms with a `url`.",
        examples: ["fastapi"],
      }),
  })
  .meta({ title: "tailgate.yml", description: "Configuration of the Tailgate latency gate." });

export type ConfigFile = z.output<typeof fileSchema>;
export type ServiceSection = z.output<typeof service>;
export type ArmSection = z.output<typeof arm>;
export type LoadSection = z.output<typeof load>;
export type GatesSection = z.output<typeof gates>;
export type ScenarioGatesSection = z.output<typeof scenarioGates>;
