import { z } from "zod";
import { atLeastOne, name, type DeepReadonly } from "../bounded-values.js";
import { evidenceSchema, soughtCell } from "./evidence.js";

/** A bisection that is under way: with it the search goes on where it was interrupted. */
export const bisectionRecord = z.object({
  schema: z.literal("tailgate/bisection@1"),
  good: name(),
  bad: name(),
  /** `null` until bad was shown to be slower. */
  sought: soughtCell.nullable(),
  /** What was asked for; another question begins anew. */
  asked: z.object({ scenario: name().nullable(), metric: name().nullable() }),
  steps: z
    .array(
      z.object({ place: atLeastOne(), sha: name(), evidence: evidenceSchema, durationMs: z.number().min(0) }),
    )
    .max(1_000),
});

export type BisectionRecord = DeepReadonly<z.output<typeof bisectionRecord>>;
