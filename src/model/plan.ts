import { z } from "zod";
import { amount, name, positive, sentence, share, type DeepReadonly } from "../bounded-values.js";
import { METRICS } from "../metrics/metrics.js";
import { serviceGates } from "./gates-plan.js";
import { login, scenario } from "./scenario-plan.js";
import { service } from "./service-plan.js";

export const metric = z.enum(METRICS);
export const armRole = z.enum(["base", "head", "control", "stack"]);
export const commentWhen = z.enum(["always", "on-change", "never"]);
export const explainWhen = z.enum(["on-regression", "always", "never"]);

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
    deployments: z
      .object({
        allowedHosts: z
          .array(name())
          .max(1_000)
          .describe("Names; `*.` stands for any names before the rest."),
        maxRatePerSecond: positive().describe("Never exceeded, so capacity is not measured."),
      })
      .optional()
      .describe(
        "Where services that run elsewhere may be, and what they may be sent; left out: they run here.",
      ),
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
export type ArmRole = z.output<typeof armRole>;
/** A slow-down that a person has accepted, up to a size and until a day. */
export type Acceptance = DeepReadonly<z.output<typeof acceptance>>;
export type Plan = DeepReadonly<z.output<typeof plan>>;
export type ExperimentPlan = Plan["experiment"];
export type CommentWhen = Plan["report"]["comment"];
export type ExplainWhen = NonNullable<Plan["explain"]>;
/** One thing under test and how it is run. */
export type ArmPlan = Plan["arms"][number];
