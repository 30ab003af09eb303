import { TailgateError } from "../../error.js";
import { type ComposeProject, without } from "./project.js";

/** One start of the service under test, beside the project that holds what it depends on. */
export interface ServiceStart {
  readonly service: string;
  /** Of the container, and of the project that it alone is in. */
  readonly name: string;
  /** On this machine. */
  readonly port: number;
  /** Inside of the container. */
  readonly containerPort: number;
  /** Processor list, such as "1,2"; `null`: not placed. */
  readonly processors: string | null;
  readonly oomScoreAdjustment: number | null;
  /** Run instead of its `command`; empty: what the file or its image says. */
  readonly start: string;
  /** Names of variables; their values come from the environment of the engine's command. */
  readonly variables: readonly string[];
}

/**
 * A project with the service under test alone. It joins the networks and volumes of the arm's project, so that base and
 * its control can run at once beside the same dependencies, and a new start leaves these running.
 *
 * @param project - of the arm
 */
export function serviceAlone(project: ComposeProject, start: ServiceStart): ComposeProject {
  const definition = without(project.services[start.service]!, ["depends_on", "build", "links"]);
  const joined = (shared: ComposeProject["networks"]): NonNullable<ComposeProject["networks"]> =>
    Object.fromEntries(
      Object.entries(shared ?? {}).map(([key, one]) => [key, { name: one!.name!, external: true }]),
    );
  return {
    ...project,
    name: start.name,
    services: {
      [start.service]: {
        ...definition,
        container_name: start.name,
        ports: [
          {
            host_ip: "127.0.0.1",
            target: start.containerPort,
            published: String(start.port),
            protocol: "tcp",
          },
        ],
        ...(start.processors === null ? {} : { cpuset: start.processors }),
        ...(start.oomScoreAdjustment === null ? {} : { oom_score_adj: start.oomScoreAdjustment }),
        ...(start.start === "" ? {} : { command: ["/bin/sh", "-c", start.start.replaceAll("$", "$$$$")] }),
        environment: {
          ...definition.environment,
          ...Object.fromEntries(start.variables.map((name) => [name, null])),
          PORT: String(start.containerPort),
        },
      },
    },
    networks: joined(project.networks),
    volumes: joined(project.volumes),
  };
}

/** What ties a container to another one of its own project otherwise than by a network. */
const TIES = ["network_mode", "ipc", "pid"];

/**
 * The port that the service under test listens on inside of its container.
 *
 * @param written - `service.container-port`
 * @throws TailgateError "service" where the file names no service of this name, no port or several, or ties it to another container
 */
export function containerPortOf(
  project: ComposeProject,
  service: string,
  arm: string,
  written?: number,
): number {
  const definition = project.services[service];
  if (definition === undefined) {
    throw new TailgateError(
      "service",
      `${arm}: the compose file has no service \`${service}\`, which service.compose-service names.`,
      `It has: ${Object.keys(project.services).join(", ")}.`,
    );
  }
  const tie = TIES.find((key) => /^(?:service|container):/.test(String(definition[key])));
  if (tie !== undefined || definition["volumes_from"] !== undefined) {
    throw new TailgateError(
      "service",
      `${arm}: \`${service}\` uses \`${tie ?? "volumes_from"}\` of another container, and is measured in a project of its own.`,
      "Let it reach the other by a network or a named volume.",
    );
  }
  if (written !== undefined) return written;
  const published = (definition.ports ?? []).filter(({ protocol }) => (protocol ?? "tcp") === "tcp");
  const ports = new Set(
    published.length > 0
      ? published.map(({ target }) => target)
      : (definition.expose ?? []).map((port) => Number.parseInt(port, 10)),
  );
  if (ports.size === 1) return [...ports][0]!;
  throw new TailgateError(
    "service",
    `${arm}: \`${service}\` has ${ports.size === 0 ? "no port in the compose file" : `the ports ${[...ports].join(", ")} in the compose file`}, so that it is not known where it is reached.`,
    "Name the port that it listens on inside of its container with service.container-port.",
  );
}
