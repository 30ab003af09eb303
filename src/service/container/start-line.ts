import type { ServicePlan } from "../../model/service-plan.js";
import { composeStart } from "../compose/compose-start.js";
import { withArm, withPlace, type ToldPlace } from "../process/child-environment.js";
import { oomScoreAdjustment } from "../process/out-of-memory.js";
import type { ArmContainer } from "./arm-container.js";
import { containersOfRun, containerRunCommand } from "./container-run.js";
import { OWN_NAME_PREFIX, type ContainerName } from "./container.js";
import { userContainers } from "./user-command.js";

/** What is started through the shell, and the containers that come of it. */
export interface StartLine {
  readonly command: string;
  /** The environment of the command beyond the job's. */
  readonly added: Readonly<Record<string, string>>;
  /** `null`: none. */
  readonly container: ContainerName | null;
}

export interface StartLineOptions {
  readonly arm: string;
  readonly service: ServicePlan;
  /** `null`: it runs as a process, or its start command runs containers itself. */
  readonly container: ArmContainer | null;
  readonly runId: string;
  readonly processors: string | null;
  /** Told before anything is made, so that a run that dies leaves a trace of it. */
  readonly onContainers?: (containers: ContainerName) => void;
}

let containers = 0;

/**
 * The command of a service: its own, one that runs its container, or its own that runs containers with what Tailgate adds.
 *
 * @throws TailgateError "service" when the command does something with containers that cannot be measured
 */
export function startLineOf(options: StartLineOptions, place: ToldPlace): StartLine {
  const { arm, service, container, runId, processors } = options;
  const own = withArm(withPlace(service.start, place), arm);
  const name = `${OWN_NAME_PREFIX}${runId.toLowerCase()}-${process.pid}-${++containers}`;
  if (container === null) {
    const user = userContainers(own, { runId, name, processors });
    if (user === null) return { command: own, added: service.env, container: null };
    options.onContainers?.(containersOfRun(user.container.tool, runId));
    // A single container carries the label; a name of the user's may be another's by the time of a sweep.
    if (user.container.kind === "project") options.onContainers?.(user.container);
    return { command: user.command, added: { ...service.env, ...user.variables }, container: user.container };
  }
  const { tool } = container;
  options.onContainers?.(containersOfRun(tool, runId));
  const given = {
    start: own,
    name,
    port: place.port,
    processors,
    variables: Object.keys(service.env),
    oomScoreAdjustment: oomScoreAdjustment(),
  };
  const command =
    container.kind === "compose"
      ? composeStart(container, given)
      : containerRunCommand({ ...given, tool, container, image: container.image, runId, arm });
  return { command, added: service.env, container: { tool, kind: "name", value: name } };
}
