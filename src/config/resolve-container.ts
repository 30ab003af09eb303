import { TailgateError } from "../error.js";
import type { ContainerPlan } from "../model/service-plan.js";
import type { ServiceSection } from "./file/file.js";

const ONLY_IN_CONTAINERS = ["network", "container-port"] as const;

/**
 * How the service is run in a container; `null`: it runs as a process.
 *
 * @throws TailgateError "config" when keys contradict one another
 */
export function resolveContainer(section: ServiceSection): ContainerPlan | null {
  const { image, dockerfile, network, "container-port": port } = section;
  if (image === undefined && dockerfile === undefined) {
    const idle = ONLY_IN_CONTAINERS.find((key) => section[key] !== undefined);
    if (idle === undefined) return null;
    throw new TailgateError(
      "config",
      `\`service.${idle}\` is set, but the service runs in no container.`,
      "Set `service.image` or `service.dockerfile`, or remove it.",
    );
  }
  if (image !== undefined && dockerfile !== undefined) {
    throw new TailgateError(
      "config",
      "`service.image` and `service.dockerfile` are both set, but a container is made from one of them.",
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
  return {
    ...(image === undefined ? {} : { image }),
    ...(dockerfile === undefined ? {} : { dockerfile }),
    network: network ?? (port === undefined ? "host" : "published"),
    ...(port === undefined ? {} : { port }),
  };
}
