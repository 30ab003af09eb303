import { stat } from "node:fs/promises";
import { isAbsolute, join, relative } from "node:path";

import { TailgateError } from "../../error.js";
import { folderInside } from "../../files/folder-inside.js";
import type { ContainerPlan } from "../../model/service-plan.js";
import { shellWord } from "../../text/shell-word.js";
import { runHook, type HookOptions, type HookReport } from "../build/hook.js";
import { withArm } from "../process/child-environment.js";
import type { ArmContainer } from "./arm-container.js";
import { ask, type EngineTool } from "./container.js";
import { builtImage, containerBuildCommand } from "./container-run.js";

/** What the image of an arm is made from. */
export interface ImageOptions extends Omit<HookOptions, "kind" | "command"> {
  readonly tool: EngineTool;
  readonly container: ContainerPlan;
}

export interface MadeImage {
  readonly container: ArmContainer;
  /** `null` where the engine had it already. */
  readonly report: HookReport | null;
}

/**
 * Builds an arm's image, or pulls it where the engine does not have it.
 *
 * @throws TailgateError "service" with the end of the engine's output
 */
export async function makeImage(options: ImageOptions): Promise<MadeImage> {
  const { tool, container, arm, runId } = options;
  const made = (image: string): ArmContainer => ({
    kind: "image",
    tool,
    image,
    network: networkHere(container.network),
    ...(container.port === undefined ? {} : { port: container.port }),
  });
  if (container.dockerfile !== undefined) {
    const place = await buildContext(options.checkout, options.cwd, container.dockerfile, arm);
    const command = containerBuildCommand({ tool, runId, arm, ...place });
    const report = await runHook({ ...options, kind: "dockerfile", command });
    return { container: made(builtImage(runId, arm)), report };
  }
  const image = withArm(container.image!, arm);
  const isThere = (await ask(tool, ["image", "inspect", "--format", "{{.Id}}", image])) !== null;
  const pull = `exec ${tool} pull ${shellWord(image)}`;
  const report = isThere ? null : await runHook({ ...options, kind: "image", command: pull });
  return { container: made(image), report };
}

/** Elsewhere engines run in a virtual machine, whose network is not this machine's. */
function networkHere(network: ContainerPlan["network"]): ContainerPlan["network"] {
  return process.platform === "linux" ? network : "published";
}

/** A folder with a Dockerfile is the context itself; a file is read with `cwd` as its context. */
async function buildContext(
  checkout: string,
  cwd: string,
  dockerfile: string,
  arm: string,
): Promise<{ readonly folder: string; readonly file: string | null }> {
  const root = await folderInside(checkout, cwd);
  const path = join(root, dockerfile);
  const found = await stat(path).catch(() => null);
  if (found?.isDirectory() === true) {
    const folder = await folderInside(checkout, relative(checkout, path));
    if ((await stat(join(folder, "Dockerfile")).catch(() => null))?.isFile() === true)
      return { folder, file: null };
  }
  if (found?.isFile() === true && !isAbsolute(dockerfile)) return { folder: root, file: path };
  throw new TailgateError(
    "service",
    `${arm}: service.dockerfile is \`${dockerfile}\`, which is no Dockerfile and no folder with one in its code.`,
    "It is a folder with a file called Dockerfile, such as `.`, or the file itself, such as `deploy/api.Dockerfile`; it counts from `cwd`.",
  );
}
