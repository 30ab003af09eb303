import { z } from "zod";
import { DEFAULT_BUILD_TIMEOUT_MS, DEFAULT_READY_TIMEOUT_MS } from "../defaults.js";
import { duration, environment, path, text } from "./values.js";
import { writtenDuration } from "./write-quantity.js";

export const service = z
  .strictObject({
    build: text(10_000)
      .optional()
      .meta({
        description: "Run once in each checkout before anything is measured.",
        examples: ["npm ci", "cargo build --release --locked"],
      }),
    start: text(10_000)
      .optional()
      .meta({
        description:
          "Starts the service; it stays in the foreground. It gets its port as PORT, and `{port}` is replaced. Needed here or as the input or flag of the same name.",
        examples: ["node server.js", "uvicorn app:app --port {port}"],
      }),
    cwd: text(1000)
      .optional()
      .meta({
        description: "Where build and start run, inside each checkout.",
        default: ".",
        examples: ["services/api"],
      }),
    env: environment.optional().meta({
      description:
        "Added to the job's own environment, for build, start, setup and reset. `{port}` is replaced.",
      default: {},
      examples: [{ LOG_LEVEL: "warn" }, { APP_PORT: "{port}" }],
    }),
    setup: text(10_000)
      .optional()
      .meta({
        description: "Run once before the first block, in the checkout of each arm.",
        examples: ["npm run db:create"],
      }),
    reset: text(10_000)
      .optional()
      .meta({
        description: "Run before each block, in the checkout of each arm.",
        examples: ["npm run db:seed"],
      }),
    ready: z
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
      })
      .optional()
      .meta({
        description: "When the service counts as started.",
        examples: [{ path: "/health", timeout: "30s" }],
      }),
    port: z
      .int()
      .min(1)
      .max(65535)
      .optional()
      .meta({
        description:
          "A port that the service insists on. Arms then run one after the other, which costs precision. Left out: any free port, given as PORT.",
        examples: [8080],
      }),
    "build-timeout": duration(1000, 21_600_000, {
      description: "How long a build may take.",
      default: writtenDuration(DEFAULT_BUILD_TIMEOUT_MS),
      examples: ["10m"],
    }).optional(),
  })
  .meta({
    description: "How the service is built and started.",
    examples: [{ build: "npm ci", start: "node server.js", ready: { path: "/health" } }],
  });
