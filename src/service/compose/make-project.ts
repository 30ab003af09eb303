import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { stat } from "node:fs/promises";
import { join } from "node:path";

import { TailgateError } from "../../error.js";
import { folderInside } from "../../files/folder-inside.js";
import { shellWord } from "../../text/shell-word.js";
import { runHook, type HookOptions } from "../build/hook.js";
import type { ArmContainer } from "../container/arm-container.js";
import { ask, OWN_NAME_PREFIX } from "../container/container.js";
import { awaitDependencies } from "./dependencies.js";
import { armProject, type ComposeProject } from "./project.js";
import { containerPortOf } from "./service-alone.js";

/** The project of an arm that is made. */
export interface ProjectOptions extends Omit<HookOptions, "kind" | "command" | "logFile"> {
  /** From `cwd`. */
  readonly composeFile: string;
  /** The service under test. */
  readonly composeService: string;
  readonly containerPort?: number;
  /** Where files with the project's values may lie: nobody else may read it. */
  readonly folder: string;
  readonly log: (name: string) => string;
  readonly onStep: (what: string) => void;
}

export interface MadeProject {
  readonly container: ArmContainer & { readonly kind: "compose" };
  /** Of its images; `null` where there was nothing to build. */
  readonly buildMs: number | null;
}

/**
 * Makes an arm's project from its own compose file: builds its images, and starts what the service under test depends on.
 * That runs until the run ends; the service itself is started anew in every block.
 *
 * @throws TailgateError "service" where compose is missing, or the file, an image or a dependency does not work
 */
export async function makeProject(options: ProjectOptions): Promise<MadeProject> {
  const { arm, composeService, runId } = options;
  await requireCompose();
  const name = projectName(runId, arm);
  mkdirSync(options.folder, { recursive: true, mode: 0o700 });
  const resolved = await resolvedFile(options, name);
  const port = containerPortOf(resolved, composeService, arm, options.containerPort);
  const project = { ...armProject(resolved, { runId, arm, name }), name };
  const file = join(options.folder, `${name}.json`);
  writeFileSync(file, JSON.stringify(project), { mode: 0o600 });

  const compose = `docker compose --project-name ${name} --file ${shellWord(file)}`;
  let buildMs: number | null = null;
  if (Object.values(project.services).some(({ build }) => build !== undefined)) {
    options.onStep("building the images of its compose file");
    const hook = { ...options, kind: "compose-build", logFile: options.log(`image-${arm}`) } as const;
    buildMs = (await runHook({ ...hook, command: `exec ${compose} build` })).durationMs;
  }
  const dependencies = Object.keys(project.services).filter((key) => key !== composeService);
  options.onStep(
    dependencies.length === 0
      ? "making its network"
      : `starting what it depends on: ${dependencies.join(", ")}`,
  );
  // The container of the service under test is never started here: it is made so that its networks and volumes are there.
  const up =
    dependencies.length === 0
      ? ""
      : ` && exec ${compose} up --detach --no-build ${dependencies.map(shellWord).join(" ")}`;
  await runHook({
    ...options,
    kind: "compose",
    logFile: options.log(`compose-${arm}`),
    command: `${compose} create --no-build ${shellWord(composeService)}${up}`,
  });
  await awaitDependencies({ ...options, project: name, conditions: conditionsOf(project, composeService) });
  return {
    container: { kind: "compose", tool: "docker", project, file, service: composeService, port },
    buildMs,
  };
}

function conditionsOf(project: ComposeProject, service: string): ReadonlyMap<string, string> {
  const dependsOn = project.services[service]!.depends_on ?? {};
  return new Map(
    Object.keys(project.services)
      .filter((key) => key !== service)
      .map((key) => [key, dependsOn[key]?.condition ?? "service_started"]),
  );
}

/** Of letters, digits, `-` and `_`, as compose wants it. */
function projectName(runId: string, arm: string): string {
  const plain = /^[a-z0-9_-]{1,40}$/.test(arm) ? arm : `arm-${Buffer.from(arm).toString("hex").slice(0, 60)}`;
  return `${OWN_NAME_PREFIX}${runId.toLowerCase()}-${plain}`;
}

async function requireCompose(): Promise<void> {
  if ((await ask("docker", ["compose", "version", "--short"])) === null) throw composeNeedsDocker();
}

/** The sentence where compose of version 2 is missing. */
export function composeNeedsDocker(): TailgateError {
  return new TailgateError(
    "service",
    "service.compose needs `docker compose`, which does not work here.",
    "Install docker with its compose plugin, as on GitHub's runners for Linux. `docker-compose` of version 1 and podman's compose are not enough.",
  );
}

/** As compose reads it in the arm's own code, with the service under test and what it depends on. */
async function resolvedFile(options: ProjectOptions, name: string): Promise<ComposeProject> {
  const { arm, composeFile, composeService } = options;
  const path = join(await folderInside(options.checkout, options.cwd), composeFile);
  if ((await stat(path).catch(() => null))?.isFile() !== true) {
    throw new TailgateError(
      "service",
      `${arm}: service.compose is \`${composeFile}\`, which is no file in its code.`,
      "It is a committed compose file, such as `docker-compose.yml`; its path counts from `cwd`.",
    );
  }
  const resolved = join(options.folder, `${name}.resolved.json`);
  writeFileSync(resolved, "", { mode: 0o600 });
  await runHook({
    ...options,
    kind: "compose-config",
    logFile: options.log(`compose-${arm}`),
    command: `exec docker compose --project-name ${name} --file ${shellWord(path)} config --format json ${shellWord(composeService)} > ${shellWord(resolved)}`,
  });
  return JSON.parse(readFileSync(resolved, "utf8")) as ComposeProject;
}
