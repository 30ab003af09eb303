import type { Inputs } from "../../config/inputs.js";
import { TailgateError } from "../../error.js";
import { linesOfResult } from "../../history/lines-of-result.js";
import type { Result } from "../../model/result.js";
import { historyStore, type HistoryStore } from "../../store/history-store.js";
import { connectFor, type GithubContext } from "../event/github-context.js";
import type { GithubEvent } from "../event/event.js";
import { ownResults } from "./own-results.js";
import { remoteOf, WAITING, withRemote, type HistoryRemote } from "./remote.js";
import { readBasePlan } from "../untrusted/base-plan.js";

export type StoredRun =
  | { readonly kind: "stored"; readonly suite: string; readonly added: number; readonly tries: number }
  /** The run's verdict stands, and its artifact holds what would have been stored. */
  | { readonly kind: "refused"; readonly suite: string; readonly why: string }
  | { readonly kind: "skipped"; readonly why: string };

/**
 * `mode: history`: stores what an earlier job of this run measured on the default branch, from its artifact. The job checks
 * nothing out and runs nobody's code, because its token may write.
 *
 * @param remote - tests push to a folder
 * @throws TailgateError "github" for another event or a refusal of the API, "artifact" for one that is absent or not of
 *   this run's commit
 */
export async function storeRun(
  context: GithubContext,
  inputs: Inputs,
  remote: HistoryRemote = remoteOf(context),
): Promise<StoredRun[]> {
  const branch = defaultBranchOf(context.event);
  if (branch === null || context.runner.ref !== `refs/heads/${branch}`) {
    return [{ kind: "skipped", why: "only runs of the default branch are kept" }];
  }
  const client = await connectFor(context);
  if (client === null) throw noToken();
  const { plan } = await readBasePlan(client, context.runner, branch, inputs);
  if (plan.history !== true) {
    return [{ kind: "skipped", why: `\`history: true\` is not in tailgate.yml on ${branch}` }];
  }
  const results = await ownResults(client, context, plan.report.key);
  return withRemote(remote, async (place) => {
    const store = historyStore(place, WAITING);
    const stored: StoredRun[] = [];
    for (const { suite, result } of results) stored.push(await storeResult(suite, result, store));
    return stored;
  });
}

async function storeResult(suite: string, result: Result, store: HistoryStore): Promise<StoredRun> {
  const lines = linesOfResult(result);
  if (lines.length === 0) return { kind: "skipped", why: "the result does not compare two commits" };
  try {
    const appended = await store.appendRun(lines);
    return {
      kind: "stored",
      suite,
      added: appended.reduce((sum, one) => sum + one.added, 0),
      tries: appended.reduce((sum, one) => sum + one.tries, 0),
    };
  } catch (error) {
    if (!(error instanceof TailgateError)) throw error;
    return { kind: "refused", suite, why: `${error.message}. ${error.hint}` };
  }
}

function defaultBranchOf(event: GithubEvent): string | null {
  switch (event.kind) {
    case "push":
    case "schedule":
    case "workflow_dispatch":
      return event.defaultBranch;
    case "pull_request":
    case "merge_group":
    case "workflow_run":
    case "issue_comment":
    case "other":
      return null;
  }
}

function noToken(): TailgateError {
  return new TailgateError(
    "github",
    "`mode: history` needs a token, and `github-token` is empty.",
    "Leave `github-token` at its default, and grant `permissions: { actions: read, contents: write }`.",
  );
}
