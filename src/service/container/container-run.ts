import type { ContainerPlan } from "../../model/service-plan.js";
import { shellWord } from "../../text/shell-word.js";
import { RUN_LABEL, type ContainerName, type EngineTool } from "./container.js";

/** One start of an arm's image. */
export interface ContainerRun {
  readonly tool: EngineTool;
  readonly container: Pick<ContainerPlan, "network" | "port">;
  /** As the engine knows it: of the registry, or as it was built for this arm. */
  readonly image: string;
  /** Run in the container by its own `/bin/sh`, behind its entrypoint; empty: what the image runs by itself. */
  readonly start: string;
  readonly name: string;
  readonly runId: string;
  readonly arm: string;
  /** The port on this machine. */
  readonly port: number;
  /** Processor list, such as "1,2"; `null`: not placed. */
  readonly processors: string | null;
  /** Names of variables; their values come from the environment of the engine's command. */
  readonly variables: readonly string[];
  readonly oomScoreAdjustment: number | null;
}

/**
 * The command that runs a container in the foreground: its output is the service's, and it ends with it.
 *
 * Values of variables are not in it, because every user of the machine can read command lines.
 */
export function containerRunCommand(run: ContainerRun): string {
  const { container, port } = run;
  const inside = container.port ?? port;
  const network =
    container.network === "host" ? ["--network", "host"] : ["--publish", `127.0.0.1:${port}:${inside}`];
  const words = [
    run.tool,
    "run",
    "--rm",
    ...["--name", run.name],
    ...labels(run),
    ...network,
    ...(run.processors === null ? [] : ["--cpuset-cpus", run.processors]),
    ...(run.oomScoreAdjustment === null ? [] : ["--oom-score-adj", String(run.oomScoreAdjustment)]),
    ...["--env", `PORT=${inside}`],
    ...run.variables.flatMap((name) => ["--env", name]),
    run.image,
    ...(run.start === "" ? [] : ["/bin/sh", "-c", run.start]),
  ];
  return `exec ${words.map(shellWord).join(" ")}`;
}

/** Of the image of an arm that is built from its Dockerfile. Repositories are in lower case, tags may be anything plain. */
export function builtImage(runId: string, arm: string): string {
  return `tailgate-${runId.toLowerCase()}:${tagOf(arm)}`;
}

/** Source: distribution/reference, "tag". */
function tagOf(arm: string): string {
  return /^\w[\w.-]{0,100}$/.test(arm) ? arm : `arm-${Buffer.from(arm).toString("hex").slice(0, 100)}`;
}

/**
 * The command that builds an arm's image. The label with the arm's name makes it an image of its own even where both
 * arms are built from the same files: that is no program measured twice by mistake.
 *
 * @param folder - the build's context; `file` counts from it, and is left out where it is called Dockerfile
 */
export function containerBuildCommand(build: {
  readonly tool: EngineTool;
  readonly runId: string;
  readonly arm: string;
  readonly folder: string;
  readonly file: string | null;
}): string {
  const words = [
    build.tool,
    "build",
    ...["--tag", builtImage(build.runId, build.arm)],
    ...labels(build),
    ...(build.file === null ? [] : ["--file", build.file]),
    build.folder,
  ];
  return `exec ${words.map(shellWord).join(" ")}`;
}

function labels({ runId, arm }: { readonly runId: string; readonly arm: string }): string[] {
  return ["--label", `${RUN_LABEL}=${runId}`, "--label", `tailgate.arm=${arm}`];
}

/** All that a run has made with an engine. */
export function containersOfRun(tool: EngineTool, runId: string): ContainerName {
  return { tool, kind: "run", value: runId };
}
