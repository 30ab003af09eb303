import { TailgateError } from "../error.js";
import type { ContainerPlan } from "../model/service-plan.js";
import type { ServiceSection } from "./file/file.js";

const ONLY_IN_CONTAINERS = ["network", "container-port"] as const;
const SOURCES = ["image", "dockerfile", "compose"] as const;

/**
 * How the service is run in a container; `null`: it runs as a process.
 *
 * @throws TailgateError "config" when keys contradict one another
 */
export function resolveContainer(section: ServiceSection): ContainerPlan | null {
  const { image, dockerfile, compose, "compose-service": service, network, "container-port": port } = section;
  const [source, second] = SOURCES.filter((key) => section[key] !== undefined);
  if (service !== undefined && compose === undefined) {
    throw new TailgateError(
      "config",
      "`service.compose-service` is set, but no compose file is named.",
      "Set `service.compose`, as in `compose: docker-compose.yml`, or remove it.",
    );
  }
  if (source === undefined) {
    const idle = ONLY_IN_CONTAINERS.find((key) => section[key] !== undefined);
    if (idle === undefined) return null;
    throw new TailgateError(
      "config",
      `\`service.${idle}\` is set, but the service runs in no container.`,
      "Set `service.image`, `service.dockerfile` or `service.compose`, or remove it.",
    );
  }
  if (second !== undefined) {
    throw new TailgateError(
      "config",
      `\`service.${source}\` and \`service.${second}\` are both set, but a container is made from one of them.`,
      "Remove one of the two.",
    );
  }
  if (section.socket === true) {
    throw new TailgateError(
      "config",
      "`service.socket` is set, but a container is reached by a port.",
      "Remove `service.socket`.",
    );
  }
  if (network === "host" && port !== undefined) {
    throw new TailgateError(
      "config",
      "`service.container-port` is set with `network: host`, where the container has the ports of the machine.",
      "Remove `network`; or remove `container-port` and let the service listen on PORT.",
    );
  }
  const reached = port === undefined ? {} : { port };
  if (compose !== undefined) {
    const file = compose;
    if (service === undefined || network === "host") throw notOfCompose(service === undefined);
    return { compose: { file, service }, network: "published", ...reached };
  }
  return {
    ...(image === undefined ? {} : { image }),
    ...(dockerfile === undefined ? {} : { dockerfile }),
    network: network ?? (port === undefined ? "host" : "published"),
    ...reached,
  };
}

function notOfCompose(unnamed: boolean): TailgateError {
  return unnamed
    ? new TailgateError(
        "config",
        "`service.compose` is set, but not which of its services is measured.",
        "Name it, as in `compose-service: web`.",
      )
    : new TailgateError(
        "config",
        "`service.compose` is set with `network: host`, but its services reach one another by a network of their own.",
        "Remove `network`.",
      );
}
