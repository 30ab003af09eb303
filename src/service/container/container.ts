import { execFile } from "node:child_process";

/** Containers that a start command names, so that they can be measured and ended. */
export interface ContainerName {
  readonly tool: "docker" | "podman";
  /** One container by name, or all of a compose project. */
  readonly kind: "name" | "project";
  readonly value: string;
}

/** What a start command has to do with containers. */
export type ContainerUse =
  | { readonly kind: "none" }
  | { readonly kind: "named"; readonly container: ContainerName }
  /** It runs one without saying which. */
  | { readonly kind: "unnamed"; readonly hint: string };

const RUN = /(?:^|[\s;&|(])(docker|podman)\s+(?:container\s+)?run\s(.*)/s;
const COMPOSE = /(?:^|[\s;&|(])(docker|podman)(?:\s+|-)compose\s(.*)/s;
const NAME = /(?:^|\s)--name(?:=|\s+)["']?([\w.-]+)/;
const PROJECT = /(?:^|\s)(?:-p|--project-name)(?:=|\s+)["']?([\w.-]+)/;

/** Reads it off the command, `{port}` already replaced. */
export function containerUse(command: string): ContainerUse {
  const compose = COMPOSE.exec(command);
  const run = compose === null ? RUN.exec(command) : null;
  const match = compose ?? run;
  if (match === null) return { kind: "none" };
  const value = (compose === null ? NAME : PROJECT).exec(match[2]!)?.[1];
  if (value === undefined) {
    const option = compose === null ? "--name api-{port}" : "-p api-{port}";
    return { kind: "unnamed", hint: `name it in the command, as in \`${option}\`` };
  }
  const tool = match[1] as ContainerName["tool"];
  return { kind: "named", container: { tool, kind: compose === null ? "name" : "project", value } };
}

const TIMEOUT_MS = 15_000;

/** Output of the tool; `null` if it failed, is not there, or took too long. */
async function ask(tool: string, args: readonly string[]): Promise<string | null> {
  return new Promise((resolve) => {
    execFile(tool, [...args], { timeout: TIMEOUT_MS, killSignal: "SIGKILL" }, (error, stdout) => {
      resolve(error === null ? stdout : null);
    });
  });
}

async function idsOf(container: ContainerName): Promise<string[]> {
  const filter =
    container.kind === "name"
      ? `name=^/?${container.value}$`
      : `label=com.docker.compose.project=${container.value}`;
  const listed = await ask(container.tool, ["ps", "--all", "--quiet", "--no-trunc", "--filter", filter]);
  return (listed ?? "").split("\n").filter((id) => /^[0-9a-f]{12,64}$/.test(id));
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
