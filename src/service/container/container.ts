import { execFile } from "node:child_process";
import { readdirSync, readFileSync } from "node:fs";
import { setTimeout as sleep } from "node:timers/promises";

import { parseProcessorList } from "../lifecycle/placement.js";

/** Programs that run containers, and understand the same options. */
export type EngineTool = "docker" | "podman";

/** Containers that belong together, so that they can be measured and ended. */
export interface ContainerName {
  readonly tool: EngineTool;
  /** One container by name, all of a compose project, or all that a run has made. */
  readonly kind: "name" | "project" | "run";
  readonly value: string;
}

/** Containers, images, networks and volumes that Tailgate makes carry the run's id under this label. */
export const RUN_LABEL = "tailgate.run";
const PROJECT_LABEL = "com.docker.compose.project";

const TIMEOUT_MS = 15_000;

/** Output of the tool; `null` if it failed, is not there, or took too long. */
export async function ask(tool: string, args: readonly string[]): Promise<string | null> {
  return new Promise((resolve) => {
    execFile(tool, [...args], { timeout: TIMEOUT_MS, killSignal: "SIGKILL" }, (error, stdout) => {
      resolve(error === null ? stdout : null);
    });
  });
}

function filterOf({ kind, value }: ContainerName): string {
  switch (kind) {
    case "name":
      // The filter is a pattern; of what a name may hold, only a dot means something in one.
      return `name=^/?${value.replaceAll(".", "\\.")}$`;
    case "project":
      return `label=${PROJECT_LABEL}=${value}`;
    case "run":
      return `label=${RUN_LABEL}=${value}`;
  }
}

async function listed(container: ContainerName, args: readonly string[]): Promise<string[]> {
  const told = await ask(container.tool, [...args, "--filter", filterOf(container)]);
  return (told ?? "").split("\n").filter((id) => /^[\w.:-]+$/.test(id));
}

async function idsOf(container: ContainerName): Promise<string[]> {
  const ids = await listed(container, ["ps", "--all", "--quiet", "--no-trunc"]);
  return ids.filter((id) => /^[0-9a-f]{12,64}$/.test(id));
}

/** Process ids, in our view, of the containers' first processes. */
export async function containerPids(container: ContainerName): Promise<number[]> {
  const ids = await idsOf(container);
  if (ids.length === 0) return [];
  const pids = await ask(container.tool, ["inspect", "--format", "{{.State.Pid}}", ...ids]);
  return (pids ?? "")
    .split("\n")
    .map(Number)
    .filter((pid) => pid > 0);
}

/** What a container was made from. */
export interface ContainerImage {
  /** Of its content: a tag that is moved to another image does not change it. */
  readonly id: string;
  /** Absolute paths of the machine that it sees too. */
  readonly mounted: readonly string[];
}

/** The images of the containers that run; empty where the tool does not tell. */
export async function containerImages(container: ContainerName): Promise<ContainerImage[]> {
  const ids = await idsOf(container);
  if (ids.length === 0) return [];
  const format = "{{json .Image}} {{json .Mounts}}";
  const told = await ask(container.tool, ["inspect", "--format", format, ...ids]);
  return (told ?? "").split("\n").flatMap((line) => {
    const [, image, mounts] = /^"([\w:]+)" (\[.*\]|null)$/.exec(line) ?? [];
    if (image === undefined || mounts === undefined) return [];
    const mounted = (JSON.parse(mounts) as readonly { readonly Source?: string }[] | null) ?? [];
    return { id: image, mounted: mounted.flatMap(({ Source }) => (Source === undefined ? [] : [Source])) };
  });
}

/** Ends and removes what is left of them. Gives the ids that are still there. */
export async function removeContainers(container: ContainerName): Promise<string[]> {
  const ids = await idsOf(container);
  if (ids.length === 0) return [];
  await ask(container.tool, ["rm", "--force", "--volumes", ...ids]);
  return idsOf(container);
}

/** An engine that was asked to make a container just before whoever asked was killed makes it a moment later. */
const LATE_MS = 400;

/** Names of containers and projects that Tailgate chooses begin so. */
export const OWN_NAME_PREFIX = "tailgate-";

/** Networks, volumes and images of a name that the user chose are the user's: they hold what was there before. */
function ownsWhatIsBeside({ kind, value }: ContainerName): boolean {
  return kind === "run" || (kind === "project" && value.startsWith(OWN_NAME_PREFIX));
}

/**
 * Removes the containers and, where Tailgate named them, all that was made for them: networks, volumes, images.
 *
 * @returns how many containers were there, and the ids of what still is
 */
export async function removeAll(
  container: ContainerName,
): Promise<{ readonly found: number; readonly left: readonly string[] }> {
  const first = await idsOf(container);
  await removeContainers(container);
  await sleep(LATE_MS);
  const left = [...(await removeContainers(container))];
  for (const { list, remove } of ownsWhatIsBeside(container) ? BESIDE : []) {
    const there = await listed(container, list);
    if (there.length === 0) continue;
    await ask(container.tool, [...remove, ...there]);
    left.push(...(await listed(container, list)));
  }
  return { found: first.length, left };
}

const BESIDE = [
  { list: ["network", "ls", "--quiet"], remove: ["network", "rm"] },
  { list: ["volume", "ls", "--quiet"], remove: ["volume", "rm", "--force"] },
  { list: ["image", "ls", "--quiet", "--no-trunc"], remove: ["image", "rm", "--force"] },
] as const;

/**
 * Keeps the containers to these processors, and looks whether they are kept to them: an engine without the controller for
 * that takes the option and says nothing. Then the processes themselves are moved, which takes the right to do so.
 *
 * @returns whether they are; true too where this machine does not show their processes, as with an engine of another
 */
export async function keptTo(container: ContainerName, processors: string): Promise<boolean> {
  const pids = await containerPids(container);
  const wanted = parseProcessorList(processors).join(",");
  const areKept = (): boolean => pids.every((pid) => (processorsOf(pid) ?? wanted) === wanted);
  if (areKept()) return true;
  const ids = await idsOf(container);
  if (ids.length > 0) await ask(container.tool, ["update", "--cpuset-cpus", processors, ...ids]);
  if (areKept()) return true;
  for (const pid of pids.flatMap(withChildren)) {
    await ask("taskset", ["--all-tasks", "--cpu-list", "--pid", processors, String(pid)]);
  }
  return areKept();
}

/** Such as "0,2,3"; `null` where it is not shown. */
function processorsOf(pid: number): string | null {
  const list = /^Cpus_allowed_list:\s*(\S+)$/m.exec(statusOf(pid))?.[1];
  return list === undefined ? null : parseProcessorList(list).join(",");
}

/** A process and all below it. Source: proc(5), "children". */
function withChildren(pid: number): number[] {
  try {
    const children = readdirSync(`/proc/${pid}/task`).flatMap((task) =>
      readFileSync(`/proc/${pid}/task/${task}/children`, "utf8").split(" ").filter(Boolean).map(Number),
    );
    return [pid, ...children.flatMap(withChildren)];
  } catch {
    return [pid];
  }
}

/** Bit of SIGTERM in `SigCgt`. Source: proc(5), "status": signal N is bit N-1. */
const TERM_BIT = 1n << 14n;

/**
 * Whether any container waits for TERM. The kernel keeps TERM from the first process of a container that does not:
 * waiting for it to end would be in vain. Source: pid_namespaces(7).
 */
export async function heedsTerm(container: ContainerName): Promise<boolean> {
  return (await containerPids(container)).some((pid) => {
    const caught = /^SigCgt:\s*([0-9a-f]+)$/m.exec(statusOf(pid))?.[1];
    return caught === undefined || (BigInt(`0x${caught}`) & TERM_BIT) !== 0n;
  });
}

function statusOf(pid: number): string {
  try {
    return readFileSync(`/proc/${pid}/status`, "utf8");
  } catch {
    return "";
  }
}
