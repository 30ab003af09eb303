import { TailgateError } from "../error.js";
import type { ServicePlan } from "../model/service-plan.js";
import { DEFAULT_BUILD_TIMEOUT_MS } from "./defaults.js";
import { KEYS_OF_DEPLOYMENTS } from "./file/deployment.js";
import type { ArmSection, ServiceSection } from "./file/file.js";
import { resolveReady } from "./resolve-service.js";

/**
 * A service that runs elsewhere.
 *
 * @throws TailgateError "config" for keys by which a service is built or started, and for `ready.grpc`
 */
export function resolveDeployment(
  section: ArmSection,
  shared: ServiceSection | undefined,
  arm: string,
): ServicePlan {
  const written: ArmSection = { ...shared, ...section };
  const useless = Object.keys(written).filter((key) => !KEYS_OF_DEPLOYMENTS.includes(key));
  if (useless.length > 0) {
    const keys = useless.map((key) => `\`${key}\``).join(", ");
    throw new TailgateError(
      "config",
      `\`arms.${arm}\` has a \`url\`, so it is neither built nor started here, and ${keys} ${useless.length === 1 ? "has" : "have"} no use.`,
      `Remove ${useless.length === 1 ? "it" : "them"}, from \`service\` too. An arm with a \`url\` may have ${KEYS_OF_DEPLOYMENTS.slice(
        1,
      )
        .map((key) => `\`${key}\``)
        .join(", ")}.`,
    );
  }
  if (written.ready?.grpc !== undefined) {
    throw new TailgateError(
      "config",
      `\`arms.${arm}\` has a \`url\`, and whether such a service is there is asked by an HTTP request, not by \`ready.grpc\`.`,
      "Remove `ready.grpc`. A `path` that needs no login says whether it is there; left out, `/` is asked.",
    );
  }
  return {
    build: null,
    start: "",
    deployment: {
      url: written.url!,
      ...(written.redeploy === undefined ? {} : { redeploy: written.redeploy }),
    },
    cwd: ".",
    env: written.env ?? {},
    setup: null,
    reset: null,
    ready: resolveReady(written.ready ?? {}),
    port: null,
    buildTimeoutMs: written["build-timeout"] ?? DEFAULT_BUILD_TIMEOUT_MS,
  };
}
