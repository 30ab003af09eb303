import { connect, REAL_EDGES, type ClientEdges, type GithubClient } from "../api/client.js";
import type { GithubEvent } from "./event.js";
import type { RunnerEnvironment } from "./runner-environment.js";

/** The part of @actions/core that writes to the job's log and outputs. */
export interface Core {
  info(message: string): void;
  debug(message: string): void;
  notice(message: string, properties?: { title?: string }): void;
  warning(message: string, properties?: { title?: string }): void;
  error(message: string, properties?: { title?: string }): void;
  startGroup(name: string): void;
  endGroup(): void;
  setOutput(name: string, value: string): void;
}

/** The job that we run in, as far as telling about it needs it. */
export interface GithubContext {
  readonly runner: RunnerEnvironment;
  readonly event: GithubEvent;
  /** Empty: nothing is asked of the API. */
  readonly token: string;
  /** ISO 8601, UTC: when this run began. Later runs replace the comments of earlier ones. */
  readonly startedAt: string;
  readonly core: Core;
  readonly edges?: ClientEdges;
}

/** A client for the API of this job's GitHub; `null` without a token. */
export async function connectFor(context: GithubContext): Promise<GithubClient | null> {
  if (context.token === "") return null;
  return connect(context.runner.apiUrl, context.token, context.edges ?? REAL_EDGES);
}
