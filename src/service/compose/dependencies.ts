import { setTimeout as sleep } from "node:timers/promises";

import { TailgateError } from "../../error.js";
import { ask } from "../container/container.js";
import { printable } from "../log/printable.js";

const POLL_MS = 200;
const LAST_LINES = "20";

/** What an engine says of a container. */
export interface ContainerState {
  readonly Status: string;
  readonly ExitCode: number;
  readonly Health?: { readonly Status: string } | null;
}

/** Whether a dependency lets the service start. */
export type Readiness =
  | { readonly kind: "ready" }
  | { readonly kind: "not-yet"; readonly words: string }
  | { readonly kind: "failed"; readonly words: string };

/**
 * A dependency that has a health check is waited for, whatever the condition: a service that was started too early would
 * be started again by compose, and here its end is an error.
 *
 * @param condition - of `depends_on`
 */
export function readinessOf(condition: string, state: ContainerState): Readiness {
  const ended = state.Status === "exited" || state.Status === "dead";
  if (ended && state.ExitCode !== 0)
    return { kind: "failed", words: `ended with exit code ${state.ExitCode}` };
  if (condition === "service_completed_successfully")
    return ended ? { kind: "ready" } : { kind: "not-yet", words: "has not ended" };
  if (ended)
    return condition === "service_healthy" ? { kind: "failed", words: "has ended" } : { kind: "ready" };
  switch (state.Health?.Status) {
    case "unhealthy":
      return { kind: "failed", words: "is unhealthy by its own health check" };
    case "starting":
      return { kind: "not-yet", words: "is not healthy" };
    default:
      return { kind: "ready" };
  }
}

/**
 * Waits until every dependency of the service under test is as its compose file wants it.
 *
 * @throws TailgateError "service" with the end of the output of one that fails, or is not ready in time
 */
export async function awaitDependencies(options: {
  readonly arm: string;
  readonly project: string;
  /** Service -> condition of `depends_on`. */
  readonly conditions: ReadonlyMap<string, string>;
  readonly timeoutMs: number;
  readonly signal?: AbortSignal;
}): Promise<void> {
  const until = performance.now() + options.timeoutMs;
  for (const [service, condition] of options.conditions) {
    for (;;) {
      options.signal?.throwIfAborted();
      const found = readinessOf(condition, await stateOf(options.project, service));
      if (found.kind === "ready") break;
      const late = performance.now() > until;
      if (found.kind === "failed" || late) {
        const words = late ? `${found.words} after ${options.timeoutMs / 1000} s` : found.words;
        throw await unready(options.arm, options.project, service, words);
      }
      await sleep(POLL_MS, undefined, { signal: options.signal }).catch(() => undefined);
    }
  }
}

async function idOf(project: string, service: string): Promise<string | null> {
  const filters = [`project=${project}`, `service=${service}`].flatMap((label) => [
    "--filter",
    `label=com.docker.compose.${label}`,
  ]);
  const told = await ask("docker", ["ps", "--all", "--quiet", ...filters]);
  return /^[0-9a-f]+/.exec(told ?? "")?.[0] ?? null;
}

async function stateOf(project: string, service: string): Promise<ContainerState> {
  const id = await idOf(project, service);
  const told = id === null ? null : await ask("docker", ["inspect", "--format", "{{json .State}}", id]);
  if (told === null) return { Status: "unknown", ExitCode: 0, Health: { Status: "starting" } };
  return JSON.parse(told) as ContainerState;
}

async function unready(arm: string, project: string, service: string, words: string): Promise<TailgateError> {
  const id = await idOf(project, service);
  const output = id === null ? null : await ask("docker", ["logs", "--tail", LAST_LINES, id]);
  const end = printable(output ?? "").trim();
  return new TailgateError(
    "service",
    `${arm}: \`${service}\`, which the service depends on, ${words}${end === "" ? "; it printed nothing" : `.\nThe end of its output:\n${end}`}`,
    `\`docker compose up ${service}\` must work in a clean checkout; its health check says when it is ready.`,
  );
}
