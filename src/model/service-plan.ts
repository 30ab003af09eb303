import { z } from "zod";
import { amount, name, record, sentence, type DeepReadonly } from "../bounded-values.js";

const container = z
  .object({
    image: sentence().optional().describe("Of a registry or of the engine; `{arm}` is replaced."),
    dockerfile: sentence()
      .optional()
      .describe("Built for each arm instead: a folder with a Dockerfile, or the file itself."),
    compose: z
      .object({ file: sentence(), service: sentence() })
      .optional()
      .describe("One service of a compose file; what it depends on runs beside it."),
    network: z.enum(["host", "published"]),
    port: z
      .int()
      .min(1)
      .max(65_535)
      .optional()
      .describe("The port it listens on inside of its own network; left out: the one that it is given."),
  })
  .describe("Its service runs in a container.");

const deployment = z
  .object({
    url: sentence().describe(
      "Its origin; as the file has it where a report is made without the job's variables.",
    ),
    redeploy: sentence().optional().describe("Run before each block, and once before the first."),
  })
  .describe("It runs elsewhere: nothing is built, started or stopped.");

export const service = z
  .object({
    build: sentence().nullable(),
    start: sentence().describe("In a container: run by its shell; empty: what its image runs."),
    container: container.optional(),
    deployment: deployment.optional(),
    cwd: sentence(),
    env: record(sentence()),
    envFile: sentence().optional().describe("A file of variables in its code; `env` comes before it."),
    setup: sentence().nullable(),
    setupOnce: sentence()
      .optional()
      .describe("Run once for the whole run, in the code of the first arm that is built."),
    reset: sentence().nullable(),
    ready: z.object({
      path: sentence()
        .nullable()
        .describe("A path that must respond with success; null: any response to / below 500 will do."),
      timeoutMs: amount(),
      protocol: z.enum(["http1", "http2"]).optional().describe("Left out: http1."),
      method: name().optional().describe("Left out: GET."),
      headers: record(sentence()).optional(),
      status: z
        .array(z.int().min(0).max(999))
        .max(1_000)
        .optional()
        .describe("Status codes that mean ready, instead of the usual ones."),
      grpc: name()
        .optional()
        .describe(
          "Asked with gRPC's health check instead: this service, or the whole server where it is empty.",
        ),
    }),
    tls: z.boolean().optional().describe("Whether it serves over TLS. Its certificate is not checked."),
    socket: z.boolean().optional().describe("Whether it listens on a socket file instead of a port."),
    port: z
      .int()
      .min(0)
      .max(65_535)
      .nullable()
      .describe("A port the service insists on; null: any free port."),
    buildTimeoutMs: amount(),
  })
  .describe("How a service is built, started and reset.");

/** How one service is built, started and reset; paths are relative to its checkout. */
export type ServicePlan = DeepReadonly<z.output<typeof service>>;
export type ContainerPlan = DeepReadonly<z.output<typeof container>>;
