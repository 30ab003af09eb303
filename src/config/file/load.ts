import { z } from "zod";
import { DEFAULT_LOAD } from "../defaults.js";
import { duration } from "./values.js";
import { writtenDuration } from "./write-quantity.js";

export const load = z
  .strictObject({
    connections: z
      .int()
      .min(1)
      .max(1000)
      .optional()
      .meta({
        description: "Connections that are open at the same time.",
        default: DEFAULT_LOAD.connections,
        examples: [10],
      }),
    protocol: z
      .enum(["http1", "http2", "grpc"])
      .optional()
      .meta({
        description:
          "`http1`, `http2` (with prior knowledge where the service has no TLS), or `grpc`. Left out: `grpc` where a scenario has a `rpc`.",
        default: "http1",
        examples: ["http2"],
      }),
    connection: z
      .enum(["keep-alive", "new"])
      .optional()
      .meta({
        description: "`keep-alive`, or `new`: one per request; connecting is then part of the latency.",
        default: DEFAULT_LOAD.connection,
        examples: ["new"],
      }),
    rate: z
      .union([z.literal("auto"), z.number().positive().max(100_000)], {
        error: "write requests per second as a number above 0 and at most 100000, or `auto`",
      })
      .optional()
      .meta({
        description:
          "Requests per second, the same for every arm; or `auto`: a fifth (of a quick service) to a third of what base can do (of the slowest arm where stacks are compared), found before the first block.",
        default: DEFAULT_LOAD.rate,
        examples: ["auto", 200],
      }),
    requests: z
      .int()
      .min(20)
      .max(1_000_000)
      .optional()
      .meta({
        description:
          "Per arm and block, at least: what the budget has left over makes blocks longer. p99 is gated from 1000 on, p95 from 200 on (10 / (1 - p) in general); below, it is shown only.",
        default: DEFAULT_LOAD.requests,
        examples: [1000],
      }),
    warmup: z
      .int()
      .min(1)
      .max(1_000_000)
      .optional()
      .meta({
        description:
          "Requests to each arm before each block that are not counted, at least: a quick service gets as many as it serves in half a second.",
        default: DEFAULT_LOAD.warmup,
        examples: [500],
      }),
    timeout: duration(1, 600_000, {
      description: "A request that takes longer is an error, and a latency of this value.",
      default: writtenDuration(DEFAULT_LOAD.timeoutMs),
      examples: ["5s", "500ms"],
    }).optional(),
  })
  .meta({
    description: "The load, the same for every arm. A scenario may override single keys.",
    examples: [{ connections: 10, rate: 200 }],
  });
