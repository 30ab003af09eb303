import { z } from "zod";
import { DEFAULT_BUILD_TIMEOUT_MS } from "../defaults.js";
import { ready } from "./ready.js";
import { duration, environment, fileName, text } from "./values.js";
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
    image: text(1000)
      .optional()
      .meta({
        description:
          "Runs the service in a container of this image, pulled where the engine does not have it. `{arm}` is replaced: both commits need an image of their own. `start`, if it is set, runs in it by its `/bin/sh`.",
        examples: ["registry.example.com/shop/api:{arm}"],
      }),
    dockerfile: fileName.optional().meta({
      description:
        "Runs the service in a container of an image that is built for each arm: a folder with a Dockerfile, or the file itself. It counts from `cwd`. The image is removed when the run ends.",
      examples: [".", "deploy/api.Dockerfile"],
    }),
    compose: fileName.optional().meta({
      description:
        "Runs one service of a compose file, `compose-service`, and beside it what that depends on, in a project of its own for each arm. It counts from `cwd`.",
      examples: ["docker-compose.yml"],
    }),
    "compose-service": text(200)
      .optional()
      .meta({
        description: "The service of the compose file that is measured, and started anew in every block.",
        examples: ["web"],
      }),
    network: z
      .enum(["host", "published"])
      .optional()
      .meta({
        description:
          "How the port of a container is reached: `host` gives it the machine's own network, which adds no latency; `published` one of its own, with a port on 127.0.0.1. Left out: host, or published where `container-port` is set. On other systems than Linux it is always published.",
        examples: ["published"],
      }),
    "container-port": z
      .int()
      .min(1)
      .max(65535)
      .optional()
      .meta({
        description:
          "The port that a container listens on in a network of its own, whatever PORT says. With `compose` it is read from the compose file where that names one.",
        examples: [8080],
      }),
    cwd: text(1000)
      .optional()
      .meta({
        description:
          "Where build, start, setup and reset run, inside each checkout. It counts from the folder that Tailgate runs in; in a comparison of `arms` by a file that `--config` names, from the folder of that file.",
        default: ".",
        examples: ["services/api"],
      }),
    env: environment.optional().meta({
      description:
        "Added to the job's own environment, for build, start, setup and reset. `{port}` and `{arm}` are replaced, and `${NAME}` by a variable of the job, which is masked in everything that is written.",
      default: {},
      examples: [{ LOG_LEVEL: "warn" }, { APP_PORT: "{port}" }, { API_KEY: "${TEST_API_KEY}" }],
    }),
    "env-file": fileName.optional().meta({
      description:
        "A committed file of variables, as `.env` files are written; each arm reads its own. Its path counts from `cwd`. A variable that the job has already keeps the job's value, `env` comes before both, and PORT in it is left out.",
      examples: [".env.test"],
    }),
    "setup-once": text(10_000)
      .optional()
      .meta({
        description:
          "Run once for the whole run, before any `setup`, in the checkout of the first arm that is built: base's, or the first of `arms`. For what both arms share, such as a database server and its rows.",
        examples: ["npm run db:migrate && npm run db:seed"],
      }),
    setup: text(10_000)
      .optional()
      .meta({
        description:
          "Run once before the first block, in the checkout of each arm: twice, for base and head. `{arm}` in it is the arm's name, and tells their databases apart.",
        examples: ["createdb shop_{arm}"],
      }),
    reset: text(10_000)
      .optional()
      .meta({
        description: "Run before each block, in the checkout of each arm. `{arm}` in it is the arm's name.",
        examples: ["npm run db:seed"],
      }),
    ready: ready.optional().meta({
      description: "When the service counts as started.",
      examples: [{ path: "/health", timeout: "30s" }],
    }),
    tls: z
      .boolean()
      .optional()
      .meta({
        description:
          "Whether the service serves over TLS. Any certificate will do, one of its own making too: it is not checked.",
        default: false,
        examples: [true],
      }),
    socket: z
      .boolean()
      .optional()
      .meta({
        description:
          "Whether the service listens on a socket file instead of a port. It gets the path as SOCKET, and `{socket}` is replaced.",
        default: false,
        examples: [true],
      }),
    port: z
      .int()
      .min(1)
      .max(65535)
      .optional()
      .meta({
        description:
          "A port that the service insists on. Arms with the same port, as base and head have, run one after the other, which costs precision. Left out: any free port, given as PORT.",
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
