import type { RunVerdict } from "../../model/result.js";
import type { GithubClient } from "../api/client.js";
import { GithubFault } from "../api/fault.js";
import { OPERATIONS } from "../api/operation.js";
import type { Repository } from "../event/runner-environment.js";

/** A check run beside the job's own, which can say "neutral" where a job is only red or green. */
export interface CheckRun {
  readonly name: string;
  readonly headSha: string;
  readonly conclusion: "success" | "failure" | "neutral";
  readonly title: string;
  readonly summary: string;
  readonly detailsUrl: string;
}

/**
 * The conclusion for a verdict.
 *
 * @param trusted `false` for numbers that a pull request's code could have made up: "neutral" claims no success. GitHub
 *   accepts it all the same where a check is required, so such a check guards nothing
 */
export function conclusionOf(verdict: RunVerdict, trusted: boolean): CheckRun["conclusion"] {
  switch (verdict) {
    case "regression":
    case "invalid":
      return "failure";
    case "pass":
      return trusted ? "success" : "neutral";
    case "inconclusive":
    case "no-baseline":
      return "neutral";
  }
}

/** Several suites in one repository each have their own; so has each base of a commit that is to be merged into several. */
export function checkNameOf(key: string, into: string | null): string {
  const parts = [...(key === "default" ? [] : [key]), ...(into === null ? [] : [`into ${into}`])];
  return parts.length === 0 ? "tailgate" : `tailgate (${parts.join(", ")})`;
}

/** GitHub's limit for a check run's summary. */
const LARGEST_CHECK_SUMMARY = 65_535;

/**
 * Creates the check run where the token may. Most may not (`checks: write` is not needed for anything else), which is
 * no news: then it returns `false`.
 *
 * @throws GithubFault for any other failure
 */
export async function createCheck(
  client: GithubClient,
  place: Repository,
  check: CheckRun,
): Promise<boolean> {
  try {
    await client.call(OPERATIONS.createCheck, (api, request) =>
      api.rest.checks.create({
        owner: place.owner,
        repo: place.repository,
        name: check.name,
        head_sha: check.headSha,
        status: "completed",
        conclusion: check.conclusion,
        details_url: check.detailsUrl,
        output: { title: check.title, summary: check.summary.slice(0, LARGEST_CHECK_SUMMARY) },
        request,
      }),
    );
    return true;
  } catch (fault) {
    if (fault instanceof GithubFault && (fault.kind === "forbidden" || fault.kind === "not-found"))
      return false;
    throw fault;
  }
}
