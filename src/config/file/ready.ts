import { z } from "zod";
import { DEFAULT_READY_TIMEOUT_MS } from "../defaults.js";
import { duration, headerName, headerValue, method, path, statuses } from "./values.js";
import { writtenDuration } from "./write-quantity.js";

const GRPC_SERVICE = /^[A-Za-z_][A-Za-z0-9_.]{0,99}$/;

/** Keys that a health check of gRPC has no use for. */
const OF_REQUESTS = ["path", "method", "headers", "status", "protocol"] as const;

export const ready = z
  .strictObject({
    path: path.optional().meta({
      description:
        "A path that responds with success once the service is ready. Left out: `/`, with any response below 500.",
      examples: ["/health"],
    }),
    timeout: duration(100, 1_800_000, {
      description: "How long the service may take until it responds.",
      default: writtenDuration(DEFAULT_READY_TIMEOUT_MS),
      examples: ["30s", "2m"],
    }).optional(),
    method: method.optional().meta({
      description: "HTTP method of the question.",
      default: "GET",
      examples: ["HEAD"],
    }),
    headers: z
      .record(headerName, headerValue)
      .optional()
      .meta({
        description: "Headers of the question.",
        default: {},
        examples: [{ authorization: "Bearer test-token" }],
      }),
    status: statuses.optional().meta({
      description: "The status code or codes that mean ready, instead of any success.",
      examples: [204, [200, 401]],
    }),
    protocol: z
      .enum(["http1", "http2"])
      .optional()
      .meta({
        description: "How it is asked. Left out: over HTTP/2 where all load goes over `http2` or `grpc`.",
        examples: ["http2"],
      }),
    grpc: z
      .union([z.literal(true), z.string().regex(GRPC_SERVICE, "is not the full name of a gRPC service")], {
        error: "write `true`, or the full name of a service such as `shop.Users`",
      })
      .optional()
      .meta({
        description:
          "Ask gRPC's own health service instead (`grpc.health.v1.Health`): `true` for the server as a whole, or the name of a service. It is ready when the state is SERVING.",
        examples: [true, "shop.Users"],
      }),
  })
  .refine((value) => value.grpc === undefined || OF_REQUESTS.every((key) => value[key] === undefined), {
    message: `may have \`grpc\` or ${OF_REQUESTS.map((key) => `\`${key}\``).join(", ")}, not both`,
  });

export type ReadySection = z.output<typeof ready>;
