import { TailgateError } from "../error.js";
import type { ArmPlan } from "../model/plan.js";
import type { ScenarioPlan } from "../model/scenario-plan.js";
import type { ServicePlan } from "../model/service-plan.js";
import { DEFAULT_BUILD_TIMEOUT_MS, DEFAULT_READY_TIMEOUT_MS } from "./defaults.js";
import type { ServiceSection } from "./file/file.js";
import { resolveContainer } from "./resolve-container.js";
import type { ReadySection } from "./file/ready.js";
import type { Inputs } from "./inputs.js";

/** @throws TailgateError "config" when there is nothing to start, or keys contradict one another */
export function resolveService(section: ServiceSection, inputs: Inputs, arm: string): ServicePlan {
  const container = resolveContainer(section);
  const start = inputs.start ?? section.start ?? (container === null ? undefined : "");
  if (start === undefined) {
    throw new TailgateError(
      "config",
      `There is no start command for ${arm}.`,
      "Say how the service is started: the input `start` (or `--start`), or `service: { start: node server.js }` in tailgate.yml. It gets its port as PORT. `tailgate init` writes a file with what it can guess.",
    );
  }
  const env = section.env ?? {};
  if (Object.hasOwn(env, "PORT")) {
    throw new TailgateError(
      "config",
      "`service.env.PORT` is set, but Tailgate chooses the port.",
      "Remove it; for a service that insists on a port write `service.port`.",
    );
  }
  if (section.socket === true && section.port !== undefined) {
    throw new TailgateError(
      "config",
      "`service.socket` and `service.port` are both set, but a service listens on one of them.",
      "Remove one of the two.",
    );
  }
  return {
    build: inputs.build ?? section.build ?? null,
    start,
    ...(container === null ? {} : { container }),
    cwd: section.cwd ?? ".",
    env,
    ...(section["env-file"] === undefined ? {} : { envFile: section["env-file"] }),
    ...(section["setup-once"] === undefined ? {} : { setupOnce: section["setup-once"] }),
    setup: section.setup ?? null,
    reset: section.reset ?? null,
    ready: resolveReady(section.ready ?? {}),
    ...(section.tls === true ? { tls: true } : {}),
    ...(section.socket === true ? { socket: true } : {}),
    port: section.port ?? null,
    buildTimeoutMs: section["build-timeout"] ?? DEFAULT_BUILD_TIMEOUT_MS,
  };
}

export function resolveReady({ path, timeout, grpc, ...question }: ReadySection): ServicePlan["ready"] {
  return {
    path: path ?? null,
    timeoutMs: timeout ?? DEFAULT_READY_TIMEOUT_MS,
    ...(grpc === undefined ? {} : { grpc: grpc === true ? "" : grpc }),
    ...Object.fromEntries(Object.entries(question).filter(([, value]) => value !== undefined)),
  };
}

/** Where no load goes over HTTP/1.1, a service need not speak it: whether it is ready is asked over HTTP/2. */
export function askedAsLoaded(arms: readonly ArmPlan[], scenarios: readonly ScenarioPlan[]): ArmPlan[] {
  const overHttp2 = scenarios.every(({ load }) => (load.protocol ?? "http1") !== "http1");
  const callsAlone = scenarios.every(({ load }) => load.protocol === "grpc");
  return arms.map((arm) => {
    const { ready } = arm.service;
    if (!overHttp2 || ready.protocol !== undefined || ready.grpc !== undefined) return arm;
    const unsaid = ready.path === null && ready.method === undefined && ready.headers === undefined;
    const asCall = callsAlone && unsaid ? LIKE_A_CALL : {};
    return { ...arm, service: { ...arm.service, ready: { ...ready, ...asCall, protocol: "http2" } } };
  });
}

/** Servers of gRPC respond to a call of a method that they do not have, and some reset anything else. */
const LIKE_A_CALL = {
  method: "POST",
  headers: { "content-type": "application/grpc", te: "trailers" },
} as const;
