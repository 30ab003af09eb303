import { stat } from "node:fs/promises";
import { isAbsolute, join, relative } from "node:path";

import { TailgateError } from "../../error.js";
import { folderInside } from "../../files/folder-inside.js";
import type { ContainerPlan } from "../../model/service-plan.js";
import { shellWord } from "../../text/shell-word.js";
import { runHook, type HookOptions, type HookReport } from "../build/hook.js";
import { withArm } from "../process/child-environment.js";
import { ask, type EngineTool } from "./container.js";
import { builtImage, containerBuildCommand } from "./container-run.js";

/** What the image of an arm is made from. */
export interface ImageOptions extends Omit<HookOptions, "kind" | "command"> {
  readonly tool: EngineTool;
  readonly container: ContainerPlan;
}

/**
 * Builds an arm's image, or pulls it where the engine does not have it.
 *
 * @returns `null` where the engine has it already
 * @throws TailgateError "service" with the end of the engine's output
 */
export async function makeImage(options: ImageOptions): Promise<HookReport | null> {
  const { tool, container, arm, runId } = options;
  if (container.dockerfile !== undefined) {
    const place = await buildContext(options.checkout, options.cwd, container.dockerfile, arm);
    return runHook({
      ...options,
      kind: "dockerfile",
      command: containerBuildCommand({ tool, runId, arm, ...place }),
    });
  }
  const image = imageOf(container, runId, arm);
  if ((await ask(tool, ["image", "inspect", "--format", "{{.Id}}", image])) !== null) return null;
  return runHook({ ...options, kind: "image", command: `exec ${tool} pull ${shellWord(image)}` });
}

/** How the engine knows the image of an arm. */
export function imageOf(container: ContainerPlan, runId: string, arm: string): string {
  return container.image === undefined ? builtImage(runId, arm) : withArm(container.image, arm);
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
