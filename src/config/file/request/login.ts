import { z } from "zod";
import { captures, request } from "./request.js";
import { expectation } from "../scenarios.js";

const EXAMPLE = {
  request: { method: "POST", path: "/login", body: { user: "ada", password: "test" } },
  capture: { token: { json: "token" } },
};

export const login = z
  .strictObject({
    request: request.optional().meta({ description: "One request.", examples: [EXAMPLE.request] }),
    requests: z
      .array(request)
      .min(1)
      .max(20)
      .optional()
      .meta({ description: "A short sequence sent in order.", examples: [[EXAMPLE.request]] }),
    capture: captures.optional().meta({
      description: "Values of the last response, written as `{name}` in the requests of every scenario.",
      default: {},
      examples: [EXAMPLE.capture],
    }),
    expect: expectation.optional(),
  })
  .refine((one) => (one.request === undefined) !== (one.requests === undefined), {
    message: "must have either `request` or `requests`",
  })
  .optional()
  .meta({
    description:
      "Sent once to every arm of a block before its warm-up. Every scenario may use the values that it captures, and is sent with its cookies.",
    examples: [EXAMPLE],
  });

export type LoginSection = NonNullable<z.output<typeof login>>;
