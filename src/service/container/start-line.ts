import type { ContainerPlan, ServicePlan } from "../../model/service-plan.js";
import { withArm, withPlace, type ToldPlace } from "../process/child-environment.js";
import { oomScoreAdjustment } from "../process/out-of-memory.js";
import { containersOfRun, containerRunCommand } from "./container-run.js";
import { OWN_NAME_PREFIX, type ContainerName } from "./container.js";
import { findEngine } from "./engine.js";
import { imageOf } from "./image.js";
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
  readonly runId: string;
  readonly environment: Readonly<Record<string, string | undefined>>;
  readonly processors: string | null;
  /** Told before anything is made, so that a run that dies leaves a trace of it. */
  readonly onContainers?: (containers: ContainerName) => void;
}

let containers = 0;

/** Elsewhere engines run in a virtual machine, whose network is not this machine's. */
function onThisSystem(container: ContainerPlan): ContainerPlan {
  return process.platform === "linux" ? container : { ...container, network: "published" };
}

/**
 * The command of a service: its own, one that runs its image, or its own that runs containers with what Tailgate adds.
 *
 * @throws TailgateError "service" when there is no engine, or the command does something with containers that cannot be measured
 */
export async function startLineOf(options: StartLineOptions, place: ToldPlace): Promise<StartLine> {
  const { arm, service, runId, processors } = options;
  const own = withArm(withPlace(service.start, place), arm);
  const name = `${OWN_NAME_PREFIX}${runId.toLowerCase()}-${process.pid}-${++containers}`;
  if (service.container === undefined) {
    const user = userContainers(own, { runId, name, processors });
    if (user === null) return { command: own, added: service.env, container: null };
    options.onContainers?.(containersOfRun(user.container.tool, runId));
    // A single container carries the label; a name of the user's may be another's by the time of a sweep.
    if (user.container.kind === "project") options.onContainers?.(user.container);
    return { command: user.command, added: { ...service.env, ...user.variables }, container: user.container };
  }
  const tool = await findEngine(options.environment);
  options.onContainers?.(containersOfRun(tool, runId));
  const command = containerRunCommand({
    tool,
    container: onThisSystem(service.container),
    image: imageOf(service.container, runId, arm),
    start: own,
    name,
    runId,
    arm,
    port: place.port,
    processors,
    variables: Object.keys(service.env),
    oomScoreAdjustment: oomScoreAdjustment(),
  });
  return { command, added: service.env, container: { tool, kind: "name", value: name } };
}
