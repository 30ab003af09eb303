import { TailgateError } from "../../error.js";
import { artifactName } from "../publish/artifact.js";
import type { GithubClient } from "../api/client.js";
import type { FinishedRun } from "../event/event.js";
import { LARGEST_RESPONSE_BYTES } from "../api/read-whole.js";
import { OPERATIONS } from "../api/operation.js";
import type { Repository } from "../event/runner-environment.js";

/**
 * The bytes of the artifact that this attempt of the run stored.
 *
 * A repeated attempt leaves the artifacts of the earlier ones beside its own, under the same name: those are older than
 * the attempt and are passed over. Of several the newest counts.
 *
 * @throws GithubFault, TailgateError "artifact"
 */
export async function fetchArtifact(
  client: GithubClient,
  place: Repository,
  run: FinishedRun,
  key: string,
): Promise<Buffer> {
  const name = artifactName(key);
  const { data: list } = await client.call(OPERATIONS.listArtifacts, (api, request) =>
    api.rest.actions.listWorkflowRunArtifacts({
      owner: place.owner,
      repo: place.repository,
      run_id: run.id,
      name,
      per_page: 100,
      request,
    }),
  );
  const startedMs = Date.parse(run.startedAt);
  const named = list.artifacts.filter((artifact) => artifact.name === name);
  const current = named.filter((artifact) => Date.parse(artifact.created_at ?? "") >= startedMs);
  const newest = current.sort((a, b) => b.id - a.id)[0];
  if (newest === undefined) {
    const why = named.length > 0 ? "only one of an earlier attempt" : "none";
    throw absent(`The measuring run has no artifact \`${name}\`: ${why}.`);
  }
  if (newest.expired) throw absent(`The artifact \`${name}\` of the measuring run has expired.`);
  if (newest.size_in_bytes > LARGEST_RESPONSE_BYTES) throw tooLarge(name);
  const { data } = await client.call(OPERATIONS.downloadArtifact, (api, request) =>
    api.request("GET /repos/{owner}/{repo}/actions/artifacts/{artifact_id}/{archive_format}", {
      owner: place.owner,
      repo: place.repository,
      artifact_id: newest.id,
      archive_format: "zip",
      // Bytes, whatever the store says they are.
      request: { ...request, parseSuccessResponseBody: false },
    }),
  );
  const archive = Buffer.from(await new Response(data as ReadableStream).arrayBuffer());
  if (archive.byteLength > LARGEST_RESPONSE_BYTES) throw tooLarge(name);
  return archive;
}

function absent(message: string): TailgateError {
  return new TailgateError(
    "artifact",
    message,
    "Look at that run's log: it may have failed before it had a result. `comment-key` must be the same in both workflows.",
  );
}

function tooLarge(name: string): TailgateError {
  return new TailgateError(
    "artifact",
    `The artifact \`${name}\` is larger than ${LARGEST_RESPONSE_BYTES} bytes, and is not read.`,
    "A result is a few megabytes; something else was stored under this name.",
  );
}
