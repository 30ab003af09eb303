import { TailgateError } from "../../error.js";
import { parseResult } from "../../model/parse-result.js";
import type { Result } from "../../model/result.js";
import type { GithubClient } from "../api/client.js";
import type { GithubContext } from "../event/github-context.js";
import { ownRun } from "../event/own-run.js";
import { LARGEST_RESULT_BYTES, RESULT_FILE } from "../untrusted/report-mode.js";
import { fetchArtifacts } from "../untrusted/run-artifact.js";
import { parseUntrustedJson } from "../../store/untrusted-json.js";
import { readZipEntry } from "../untrusted/zip.js";

/** What an earlier job of this run has measured. */
export interface OwnResult {
  /** Key of the suite, or of a leg of its matrix. */
  readonly suite: string;
  readonly result: Result;
}

/**
 * Results of this run's earlier jobs, from its artifacts. The measuring job may have run anything: what it says of another
 * commit is refused.
 *
 * @param key - of the suite
 * @throws GithubFault, TailgateError "artifact"
 */
export async function ownResults(
  client: GithubClient,
  context: GithubContext,
  key: string,
): Promise<OwnResult[]> {
  // Where only this job is repeated, the artifact of the attempt before is the one.
  const run = { ...ownRun(context), startedAt: "1970-01-01T00:00:00.000Z" };
  const artifacts = await fetchArtifacts(client, context.runner, run, key);
  return artifacts.map(({ key: suite, archive }) => {
    const result = parseResult(parseUntrustedJson(readZipEntry(archive, RESULT_FILE, LARGEST_RESULT_BYTES)));
    requireCommit(result, run.headSha);
    return { suite, result };
  });
}

function requireCommit(result: Result, sha: string): void {
  const head = result.arms.find((arm) => arm.role === "head")?.revision;
  if (head === undefined || head === null || head.sha === sha) return;
  throw new TailgateError(
    "artifact",
    "The result in the artifact is not of this run's commit, and is not used.",
    "Let the job that measures leave `head` as it is.",
  );
}
