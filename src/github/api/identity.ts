import type { GithubClient } from "./client.js";
import { GithubFault } from "./fault.js";
import { jsonReader } from "./json-reader.js";
import { OPERATIONS } from "./operation.js";

/** The author of comments that are made with GITHUB_TOKEN. */
const ACTIONS_BOT = "github-actions[bot]";

/** The parts of a comment's author that say who it is. */
export interface Author {
  readonly login: string;
  readonly type: string;
}

/**
 * The login that comments made with this token have. A person's token may ask at `/user`; an app's token (GITHUB_TOKEN
 * is one) may not, but GraphQL's `viewer` names its bot.
 */
export async function whoAmI(client: GithubClient): Promise<string> {
  try {
    const { data } = await client.call(OPERATIONS.whoAmI, (api, request) =>
      api.rest.users.getAuthenticated({ request }),
    );
    return data.login;
  } catch (fault) {
    if (!(fault instanceof GithubFault) || !["forbidden", "not-found"].includes(fault.kind)) throw fault;
  }
  try {
    // Octokit knows that GitHub Enterprise Server has GraphQL beside its REST API, not below.
    const data: unknown = await client.call(OPERATIONS.whoAmI, (api, request) =>
      api.graphql("query { viewer { login } }", { request }),
    );
    return jsonReader(data).at("viewer").at("login").string() ?? ACTIONS_BOT;
  } catch (error) {
    if (error instanceof GithubFault || isGraphqlRefusal(error)) return ACTIONS_BOT;
    throw error;
  }
}

/** GraphQL refuses with status 200 and a list of errors. */
function isGraphqlRefusal(error: unknown): boolean {
  return error instanceof Error && error.name === "GraphqlResponseError";
}

/** Whether `author` is `login`. REST names bots with a suffix that GraphQL may leave out. */
export function isAuthor(author: Author | null, login: string): boolean {
  if (author === null) return false;
  return author.login === login || (author.type === "Bot" && author.login === `${login}[bot]`);
}
