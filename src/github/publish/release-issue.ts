import { boundedPages, type GithubClient } from "../api/client.js";
import { isAuthor, whoAmI } from "../api/identity.js";
import { OPERATIONS } from "../api/operation.js";
import type { Repository } from "../event/runner-environment.js";

/** What the issue shall say. */
export interface WantedIssue {
  /** Key of the suite: each has its own issue. */
  readonly key: string;
  readonly title: string;
  readonly body: string;
  /** `open`: head is slower. `mended`: it is shown not to be. `unknown`: neither; what is there stays. */
  readonly state: "open" | "mended" | "unknown";
}

export type IssueOutcome =
  | { readonly kind: "opened" | "updated" | "closed" | "kept"; readonly url: string }
  | { readonly kind: "none" };

/** Why a mended issue is closed; GitHub knows a few words for that. */
const MENDED = "completed";
const LONGEST_TITLE = 250;
const LONGEST_BODY = 60_000;

/**
 * Keeps one open issue for as long as head is slower: opens it, finds it again by its marker and its author, brings it up to
 * date, closes it when mended. Several open ones, as after two runs at once, become one: the oldest.
 *
 * @throws GithubFault
 */
export async function upsertIssue(
  client: GithubClient,
  { owner, repository: repo }: Repository,
  wanted: WantedIssue,
): Promise<IssueOutcome> {
  const marker = markerOf(wanted.key);
  const login = await whoAmI(client);
  const open = await client.call(OPERATIONS.listIssues, (api) =>
    api.paginate(api.rest.issues.listForRepo, { owner, repo, state: "open", per_page: 100 }, boundedPages()),
  );
  const [own, ...others] = open
    .filter((issue) => issue.pull_request === undefined && isAuthor(issue.user, login))
    .filter(({ body }) => body?.startsWith(marker) === true)
    .sort((a, b) => a.number - b.number);
  const title = wanted.title.slice(0, LONGEST_TITLE);
  const body = `${marker}\n${wanted.body.slice(0, LONGEST_BODY)}`;
  for (const { number } of others) await update(number, { state: "closed", state_reason: "not_planned" });
  if (own === undefined) {
    if (wanted.state !== "open") return { kind: "none" };
    const { data: created } = await client.call(OPERATIONS.createIssue, (api, request) =>
      api.rest.issues.create({ owner, repo, title, body, request }),
    );
    return { kind: "opened", url: created.html_url };
  }
  const url = own.html_url;
  switch (wanted.state) {
    case "unknown":
      return { kind: "kept", url };
    case "open":
      await update(own.number, { title, body });
      return { kind: "updated", url };
    case "mended":
      await update(own.number, { title, body, state: "closed", state_reason: MENDED });
      return { kind: "closed", url };
  }

  async function update(
    issue_number: number,
    change: { title?: string; body?: string; state?: "closed"; state_reason?: "completed" | "not_planned" },
  ): Promise<void> {
    await client.call(OPERATIONS.updateIssue, (api, request) =>
      api.rest.issues.update({ owner, repo, issue_number, ...change, request }),
    );
  }
}

/** The hidden first line of the issue. "-" and ">" would end an HTML comment. */
function markerOf(key: string): string {
  return `<!-- tailgate-issue key=${encodeURIComponent(key).replaceAll("-", "%2D").replaceAll(">", "%3E")} -->`;
}
