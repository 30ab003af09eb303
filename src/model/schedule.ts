import { z } from "zod";
import {
  amount,
  atLeastOne,
  count,
  name,
  positive,
  record,
  share,
  type DeepReadonly,
} from "../bounded-values.js";

const fixedLoad = z
  .object({
    scenario: name(),
    arms: z
      .array(name())
      .max(100)
      .describe("Arms it is measured on: without the baseline where that does not know the scenario."),
    ratePerSecond: positive().describe("Requests per second offered to every arm; the same for all."),
    rateFrom: z
      .enum(["fixed", "auto", "capped"])
      .describe("capped: the most that was allowed and that every arm but head kept up with."),
    capacityPerSecond: record(amount().nullable()).describe(
      "Closed-loop capacity found in the pilot, by arm; null where it was not measured.",
    ),
    burstMs: positive(),
    capacityBurstMs: positive(),
    requests: atLeastOne().describe("Per arm and block at the fixed rate."),
    warmupRequests: count(),
    capacityRequests: count(),
  })
  .describe("What the pilot settled for one scenario, fixed before the first block.");

/** The whole experiment as announced before its first block. */
export const schedule = z
  .object({
    loads: z.array(fixedLoad).min(1).max(2_000),
    estimatedBlockMs: amount(),
    maximumBlocks: atLeastOne(),
    pilotMs: amount().default(0).describe("What finding the rate took of the budget."),
    looks: z.array(atLeastOne()).max(100),
    alpha: share(),
    seed: z.int(),
    sideBySide: z
      .boolean()
      .describe(
        "Arms that cannot run side by side run one after the other inside a block; this costs precision.",
      ),
  })
  .describe("The experiment as announced before its first block.");

/** What the pilot settled for one scenario, fixed before the first block. */
export type FixedLoad = DeepReadonly<z.output<typeof fixedLoad>>;
export type Schedule = DeepReadonly<z.output<typeof schedule>>;
