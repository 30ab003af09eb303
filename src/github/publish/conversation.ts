import { REAL_EDGES, type GithubClient } from "../api/client.js";
import { GithubFault } from "../api/fault.js";
import { whoAmI } from "../api/identity.js";
import { OPERATIONS } from "../api/operation.js";
import { connectFor, type GithubContext } from "../event/github-context.js";
import type { Repository } from "../event/runner-environment.js";

/** The pull request whose comment it is, and who we are. */
export interface Conversation extends Repository {
  readonly client: GithubClient;
  readonly number: number;
  readonly login: string;
  /** SHA of its head now; `null` if unknown. */
  readonly currentHead: string | null;
  readonly sleep: (ms: number) => Promise<void>;
}

/** A pull request as it is now. */
export interface CurrentPullRequest {
  readonly conversation: Conversation;
  readonly open: boolean;
}

/** Opens the conversation of a pull request of this job's repository; `null` without a token. @throws GithubFault */
export async function conversationOf(
  context: GithubContext,
  number: number,
): Promise<CurrentPullRequest | null> {
  const client = await connectFor(context);
  if (client === null) return null;
  return openConversation(client, context.runner, number, context.edges?.sleep);
}

/** Opens the conversation of a pull request. @throws GithubFault */
export async function openConversation(
  client: GithubClient,
  { owner, repository }: Repository,
  number: number,
  sleep: (ms: number) => Promise<void> = REAL_EDGES.sleep,
): Promise<CurrentPullRequest> {
  const [pull, login] = await Promise.all([
    currentPull(client, { owner, repository }, number),
    whoAmI(client),
  ]);
  const conversation = { client, owner, repository, number, login, currentHead: pull.headSha, sleep };
  return { conversation, open: pull.open };
}

async function currentPull(
  client: GithubClient,
  { owner, repository }: Repository,
  number: number,
): Promise<{ headSha: string | null; open: boolean }> {
  try {
    const { data: pull } = await client.call(OPERATIONS.getPullRequest, (api, request) =>
      api.rest.pulls.get({ owner, repo: repository, pull_number: number, request }),
    );
    return { headSha: pull.head.sha, open: pull.state === "open" };
  } catch (fault) {
    // `issues: write` alone may comment and not read the pull request.
    if (fault instanceof GithubFault && fault.kind === "forbidden") return { headSha: null, open: true };
    throw fault;
  }
}
