import { GithubFault } from "../api/fault.js";
import type { Conversation } from "../publish/comment.js";
import { connect, REAL_EDGES, type ClientEdges, type GithubClient } from "../api/client.js";
import type { RunnerEnvironment } from "./runner-environment.js";
import type { GithubEvent } from "./event.js";
import { whoAmI } from "./identity.js";
import type { Core } from "../publish/log-commands.js";
import { OPERATIONS } from "../api/operation.js";

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

/** A client for the job's repository; `null` without a token. */
export async function connectFor(context: GithubContext): Promise<GithubClient | null> {
  if (context.token === "") return null;
  return connect(context.runner.apiUrl, context.token, context.edges ?? REAL_EDGES);
}

/** A pull request as it is now. */
export interface CurrentPullRequest {
  readonly talk: Conversation;
  readonly open: boolean;
}

/** Opens the conversation of a pull request. @throws GithubFault */
export async function openConversation(
  client: GithubClient,
  place: { readonly owner: string; readonly repository: string },
  number: number,
  sleep: (ms: number) => Promise<void> = REAL_EDGES.sleep,
): Promise<CurrentPullRequest> {
  const [pull, login] = await Promise.all([currentPull(client, place, number), whoAmI(client)]);
  const talk = { client, ...place, number, login, currentHead: pull.headSha, sleep };
  return { talk, open: pull.open };
}

async function currentPull(
  client: GithubClient,
  place: { readonly owner: string; readonly repository: string },
  number: number,
): Promise<{ headSha: string | null; open: boolean }> {
  try {
    const pull = await client.call(OPERATIONS.getPullRequest, (api, request) =>
      api.rest.pulls.get({ owner: place.owner, repo: place.repository, pull_number: number, request }),
    );
    return { headSha: pull.head.sha, open: pull.state === "open" };
  } catch (fault) {
    // `issues: write` alone may comment and not read the pull request.
    if (fault instanceof GithubFault && fault.kind === "forbidden") return { headSha: null, open: true };
    throw fault;
  }
}
