import { TailgateError } from "../../error.js";
import { RUN_LABEL, type ContainerName, type EngineTool } from "./container.js";

const RUN = /(^|[\s;&|(])(docker|podman)(\s+(?:container\s+)?run)(?=\s)/;
const COMPOSE = /(?:^|[\s;&|(])(docker|podman)(?:\s+|-)compose\s(.*)/s;
const NAME = /(?:^|\s)--name(?:=|\s+)["']?([\w.-]+)/;
const PROJECT = /(?:^|\s)(?:-p|--project-name)(?:=|\s+)["']?([\w.-]+)/;
const DETACHED = /^(?:\s+--?[\w-]+(?:[= ]\S+)?)*?\s+(?:-d|--detach|-[it]*d[it]*)(?=\s)/;
const RESTARTS = /\s--restart(?:=|\s+)["']?(?!no\b)[\w-]+/;

/** How a start command that uses containers itself is started. */
export interface UserContainers {
  readonly command: string;
  /** Added to the environment of the command. */
  readonly variables: Readonly<Record<string, string>>;
  readonly container: ContainerName;
}

/** What Tailgate gives to containers that a start command runs. */
export interface GivenToContainers {
  readonly runId: string;
  /** The name of a container, or of a compose project, that the command does not name. */
  readonly name: string;
  readonly processors: string | null;
}

/**
 * A command that calls `docker run` gets the run's label, its processors and a name where it has none: the options are
 * written behind `run`, where options of its own that come later hold. `docker compose up` gets a project's name.
 *
 * @param command - of the file, `{port}` and `{arm}` already replaced
 * @returns `null` where it uses no containers
 * @throws TailgateError "service" where its container would outlive the command, or start itself again
 */
export function userContainers(command: string, given: GivenToContainers): UserContainers | null {
  const compose = COMPOSE.exec(command);
  if (compose !== null) return composed(command, compose, given);
  const run = RUN.exec(command);
  if (run === null) return null;
  const tool = run[2] as EngineTool;
  const end = run.index + run[0].length;
  const rest = command.slice(end);
  if (DETACHED.test(rest)) throw detached(`${tool} run`);
  if (RESTARTS.test(rest)) {
    throw new TailgateError(
      "service",
      "the start command runs a container that starts itself again (`--restart`): a crash would look like a pause",
      "Remove `--restart` from service.start: Tailgate notices an end, and says so.",
    );
  }
  const own = NAME.exec(rest)?.[1];
  const added = [
    ...["--label", `${RUN_LABEL}=${given.runId}`],
    ...(own === undefined ? ["--name", given.name] : []),
    ...(given.processors === null ? [] : ["--cpuset-cpus", given.processors]),
  ];
  return {
    command: `${command.slice(0, end)} ${added.join(" ")}${rest}`,
    variables: {},
    container: { tool, kind: "name", value: own ?? given.name },
  };
}

function composed(command: string, match: RegExpExecArray, given: GivenToContainers): UserContainers {
  const tool = match[1] as EngineTool;
  const rest = match[2]!;
  if (/\sup\s(?:.*\s)?(?:-d|--detach|--wait)(?:\s|$)/s.test(` ${rest} `)) throw detached("compose up");
  const own = PROJECT.exec(rest)?.[1];
  return {
    command,
    variables: own === undefined ? { COMPOSE_PROJECT_NAME: given.name } : {},
    container: { tool, kind: "project", value: own ?? given.name },
  };
}

function detached(what: string): TailgateError {
  return new TailgateError(
    "service",
    `the start command leaves its container in the background: \`${what}\` with \`--detach\``,
    "Leave `-d` out of service.start: the command stays in the foreground and serves until it is stopped. What the service only needs, such as a database, is started in service.setup-once.",
  );
}
