import { existsSync } from "node:fs";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { checkInputs } from "../config/inputs.js";
import { resolveService } from "../config/resolve-service.js";
import { TailgateError } from "../error.js";
import { withEnvFile } from "../run/arms/env-file.js";
import { releasePort, takeFreePort } from "../service/lifecycle/port.js";
import { withArm, withPlace } from "../service/process/child-environment.js";
import { listeningPorts } from "../service/process/port-ownership.js";
import { startCommand, type StartedCommand } from "../service/process/started-command.js";
import { lastLine } from "../text/lines.js";
import { plainCommand } from "./guess/commands.js";
import type { Proposal } from "./guess/propose.js";
import { OPENAPI_PLACES, toldPaths, type Trial } from "./guess/trial.js";

type Environment = Readonly<Record<string, string | undefined>>;

const LONGEST_START_MS = 30_000;
const LONGEST_RESPONSE_MS = 5000;
const LONGEST_LINE = 200;
const MOST_OPENAPI_BYTES = 2 * 1024 * 1024;

/** Whether what the start command runs is there already, so that nothing has to be built first. */
export function isBuilt(folder: string, { start, build }: Proposal): boolean {
  const plain = start === null ? null : plainCommand(start.value);
  if (plain === null) return false;
  if (plain.program.includes("/")) return existsSync(join(folder, plain.program));
  const file = /^ (?:-\S+ )*([\w./-]+\.[cm]?js|[\w./-]+)(?: |$)/.exec(plain.rest)?.[1];
  if (plain.program !== "node" || file === undefined) return false;
  const runs = existsSync(join(folder, file)) || existsSync(join(folder, `${file}.js`));
  return runs && (build === null || existsSync(join(folder, "node_modules")));
}

/**
 * Starts the proposed service once where it lies, sees what it listens on, asks for each proposed path once, and ends it
 * with everything that it started.
 *
 * @throws TailgateError where nothing can be started on this system
 */
export async function tryService(
  folder: string,
  proposal: Proposal,
  environment: Environment,
): Promise<Trial> {
  const logFolder = await mkdtemp(join(tmpdir(), "tailgate-init-"));
  const told = await takeFreePort(Math.random);
  try {
    const started = await start(folder, proposal, environment, { port: told, logFolder });
    try {
      return await observe(started, told, proposal);
    } finally {
      await started.end(1000);
    }
  } catch (error) {
    if (!(error instanceof TailgateError) || error.code !== "service") throw error;
    return { kind: "failed", why: `was not: ${error.message.split("\n", 1)[0]!}`, lastLine: "" };
  } finally {
    releasePort(told);
    await rm(logFolder, { recursive: true, force: true });
  }
}

async function start(
  folder: string,
  { start: command, port, envFile }: Proposal,
  environment: Environment,
  { port: told, logFolder }: { readonly port: number; readonly logFolder: string },
): Promise<StartedCommand> {
  const section = {
    start: command!.value,
    env: port.kind === "variable" ? { [port.name]: "{port}" } : {},
    ...(envFile === null ? {} : { "env-file": envFile.value }),
  };
  const service = resolveService(section, checkInputs({}, "flag"), "the service");
  const arm = await withEnvFile({ name: "base", role: "base", service }, folder, environment);
  const place = { port: told, socketPath: null };
  return startCommand({
    runId: `init-${process.pid}`,
    what: "init",
    command: withArm(withPlace(command!.value, place), "base"),
    cwd: folder,
    environment,
    added: arm.service.env,
    place,
    processors: null,
    logFile: join(logFolder, "output.log"),
    cgroup: false,
    onSpawn: undefined,
  });
}

async function observe(started: StartedCommand, told: number, proposal: Proposal): Promise<Trial> {
  const listens = await listening(started, told);
  const port = listens.includes(told) ? told : listens[0];
  if (port === undefined) {
    const exit = started.describeExit(null);
    const why = exit ?? `listened on no port within ${LONGEST_START_MS / 1000} s`;
    return { kind: "failed", why, lastLine: (lastLine(started.tail()) ?? "").slice(0, LONGEST_LINE) };
  }
  const ask = (path: string): Promise<Response | null> =>
    fetch(`http://localhost:${port}${path}`, {
      redirect: "manual",
      signal: AbortSignal.timeout(LONGEST_RESPONSE_MS),
    }).catch(() => null);
  const openapi = await describedBy(ask);
  const asked = [
    ...proposal.paths,
    ...(proposal.ready === null ? [] : [proposal.ready]),
    ...toldPaths(openapi),
  ];
  const statuses = new Map<string, number | null>();
  for (const path of new Set(asked.map(({ value }) => value))) {
    const response = await ask(path);
    statuses.set(path, response?.status ?? null);
    await response?.body?.cancel();
  }
  return { kind: "served", told, listens, statuses, openapi };
}

/** Ports that its processes listen on; empty where it ended or none came in time. */
async function listening(started: StartedCommand, told: number): Promise<number[]> {
  const until = performance.now() + LONGEST_START_MS;
  let ports: number[] = [];
  while (started.exit() === null && performance.now() < until) {
    started.members.look();
    ports = listeningPorts(started.members.running());
    if (ports.includes(told)) return ports;
    // One that is listened on first may be another's than the service's.
    if (ports.length > 0) {
      await sleep(1000);
      started.members.look();
      return listeningPorts(started.members.running());
    }
    await sleep(50);
  }
  return ports;
}

async function describedBy(
  ask: (path: string) => Promise<Response | null>,
): Promise<{ path: string; text: string } | null> {
  for (const path of OPENAPI_PLACES) {
    const response = await ask(path);
    const length = Number(response?.headers.get("content-length") ?? 0);
    if (
      response?.status !== 200 ||
      length > MOST_OPENAPI_BYTES ||
      !/json/.test(response.headers.get("content-type") ?? "")
    ) {
      await response?.body?.cancel();
      continue;
    }
    const text = await boundedText(response);
    if (text !== null && /"(openapi|swagger)"\s*:/.test(text)) return { path, text };
  }
  return null;
}

/** `null` for a body that has no end in sight, or is lost on the way. */
async function boundedText(response: Response): Promise<string | null> {
  const decoder = new TextDecoder();
  let text = "";
  try {
    for await (const piece of response.body ?? []) {
      text += decoder.decode(piece as Uint8Array, { stream: true });
      if (text.length > MOST_OPENAPI_BYTES) return null;
    }
  } catch {
    return null;
  }
  return text;
}
