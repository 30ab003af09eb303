import { execFile } from "node:child_process";

import { TailgateError } from "../../error.js";
import { printable } from "../log/printable.js";
import type { EngineTool } from "./container.js";

/** What an engine's command said when it was asked for its engine's version. */
export type EngineAnswer =
  | { readonly kind: "works" }
  | { readonly kind: "not-installed" }
  | { readonly kind: "failed"; readonly words: string };

const TIMEOUT_MS = 15_000;

async function answerOf(tool: EngineTool, environment: Environment): Promise<EngineAnswer> {
  // Podman has no server to ask; `info` fails where it cannot run containers at all.
  const args =
    tool === "docker" ? ["version", "--format", "{{.Server.Version}}"] : ["info", "--format", "json"];
  return new Promise((resolve) => {
    execFile(
      tool,
      args,
      { timeout: TIMEOUT_MS, killSignal: "SIGKILL", env: { ...environment } },
      (error, _stdout, stderr) => {
        if (error === null) resolve({ kind: "works" });
        else if (error.code === "ENOENT") resolve({ kind: "not-installed" });
        else resolve({ kind: "failed", words: printable(stderr).trim().split("\n").at(-1)!.slice(0, 300) });
      },
    );
  });
}

type Environment = Readonly<Record<string, string | undefined>>;

/** Engines do not come and go within a run; asking takes some 50 ms of every start. */
const found = new Map<string, EngineTool>();

/**
 * Finds an engine that works: docker, else podman.
 *
 * @throws TailgateError "service" that says what is missing: the program, its engine, or the right to use it
 */
export async function findEngine(environment: Environment): Promise<EngineTool> {
  const place = JSON.stringify([environment["PATH"], environment["DOCKER_HOST"]]);
  const known = found.get(place);
  if (known !== undefined) return known;
  const tool = await askForEngine(environment);
  found.set(place, tool);
  return tool;
}

async function askForEngine(environment: Environment): Promise<EngineTool> {
  const docker = await answerOf("docker", environment);
  if (docker.kind === "works") return "docker";
  const podman = await answerOf("podman", environment);
  if (podman.kind === "works") return "podman";
  throw noEngine(docker, podman);
}

/** The sentence for engines that do not work; of docker, unless podman alone is installed. */
export function noEngine(docker: EngineAnswer, podman: EngineAnswer): TailgateError {
  const [tool, answer] =
    docker.kind === "not-installed" ? (["podman", podman] as const) : (["docker", docker] as const);
  if (answer.kind !== "failed") {
    return new TailgateError(
      "service",
      "The service runs in a container, and neither docker nor podman is installed here.",
      "Run it where there is an engine, as on GitHub's runners for Linux; or start the service as a process with service.start.",
    );
  }
  if (/permission denied/i.test(answer.words)) {
    return new TailgateError(
      "service",
      `This user may not use the container engine: ${answer.words}`,
      "Add the user to the group `docker` and log in again, or use an engine of the user's own (rootless docker, podman).",
    );
  }
  if (/cannot connect|no such file|connection refused|is the docker daemon running/i.test(answer.words)) {
    return new TailgateError(
      "service",
      `${tool} is installed, but no engine responds: ${answer.words}`,
      "Start the engine, as with `sudo systemctl start docker`, or set DOCKER_HOST to where it listens.",
    );
  }
  return new TailgateError(
    "service",
    `${tool} is installed, but its engine does not work: ${answer.words || "it said nothing"}`,
    `\`${tool} run --rm hello-world\` must work in the same shell.`,
  );
}
