import type { Inputs } from "../../config/inputs.js";
import { TailgateError } from "../../error.js";
import type { Result } from "../../model/result.js";
import { commitsBetweenTable } from "../../reporters/markdown/commits-between.js";
import { REPORTERS } from "../../reporters/reporters.js";
import { headline } from "../../reporters/text/headline.js";
import { shortened, visible } from "../../text/escape.js";
import { connectFor, type GithubContext } from "../event/github-context.js";
import { runUrl } from "../event/runner-environment.js";
import { upsertIssue, type IssueOutcome, type WantedIssue } from "../publish/release-issue.js";
import { ownResults } from "./own-results.js";

/** What became of the issue of each suite. */
export interface ReportedIssue {
  readonly suite: string;
  readonly outcome: IssueOutcome;
  readonly reason: string;
}

const ROOM_FOR_REPORT = 38_000;

/**
 * `mode: issue`: keeps one issue open as long as what an earlier job of this run measured is slower, such as the default
 * branch against its last release. The job checks nothing out.
 *
 * @throws GithubFault, TailgateError "github" without a token, "artifact" for a result that cannot be used
 */
export async function reportIssues(context: GithubContext, inputs: Inputs): Promise<ReportedIssue[]> {
  const client = await connectFor(context);
  if (client === null) {
    throw new TailgateError(
      "github",
      "`mode: issue` needs a token, and `github-token` is empty.",
      "Leave `github-token` at its default, and grant `permissions: { actions: read, issues: write }`.",
    );
  }
  const reported: ReportedIssue[] = [];
  for (const { suite, result } of await ownResults(client, context, inputs.commentKey ?? "default")) {
    const outcome = await upsertIssue(
      client,
      context.runner,
      wantedIssue(suite, result, runUrl(context.runner)),
    );
    reported.push({ suite, outcome, reason: result.reason });
  }
  return reported;
}

/** A result as an issue. Only a pass closes it: a base that does not build any more says nothing about head. */
export function wantedIssue(suite: string, result: Result, url: string): WantedIssue {
  const apart = suite === "default" ? "" : ` (${suite})`;
  const parts = [
    REPORTERS.markdown.render(result, { maxCharacters: ROOM_FOR_REPORT }),
    commitsBetweenTable(result),
    `[The run](${url}). This issue is kept up to date, and closed when head is shown to be within its limits.`,
  ];
  return {
    key: suite,
    title: `${shortened(visible(headline(result)), 200)}${apart}`,
    body: parts.filter((part) => part !== "").join("\n\n"),
    state: stateOf(result),
  };
}

function stateOf({ verdict }: Result): WantedIssue["state"] {
  switch (verdict) {
    case "regression":
      return "open";
    case "pass":
      return "mended";
    case "inconclusive":
    case "no-baseline":
    case "invalid":
      return "unknown";
  }
}
