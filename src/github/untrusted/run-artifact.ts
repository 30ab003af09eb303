import { TailgateError } from "../../error.js";
import { artifactName, keyOfArtifact } from "../publish/artifact.js";
import type { GithubClient } from "../api/client.js";
import type { MeasuredRun } from "../event/event.js";
import { LARGEST_RESPONSE_BYTES } from "../api/read-whole.js";
import { OPERATIONS } from "../api/operation.js";
import type { Repository } from "../event/runner-environment.js";

/** As many legs as a matrix may have on one pull request before nobody reads their comments. */
const MOST_LEGS = 32;

/** One suite of the run, or one leg of its matrix, and what it stored. */
export interface StoredRun {
  readonly key: string;
  readonly archive: Buffer;
}

/**
 * The artifacts that this attempt of the run stored for a suite: one, or one for each leg of a job matrix.
 *
 * A repeated attempt leaves the artifacts of the earlier ones beside its own, under the same name: those are older than
 * the attempt and are passed over. Of several with one name the newest counts.
 *
 * @throws GithubFault, TailgateError "artifact" in words why there is none, or why one cannot be read
 */
export async function fetchArtifacts(
  client: GithubClient,
  place: Repository,
  run: Pick<MeasuredRun, "id" | "startedAt">,
  key: string,
): Promise<StoredRun[]> {
  const listed = await listArtifacts(client, place, run);
  const startedMs = Date.parse(run.startedAt);
  const newest = new Map<string, Artifact>();
  let older = false;
  for (const artifact of listed.toSorted((a, b) => a.id - b.id)) {
    const own = keyOfArtifact(artifact.name, key);
    if (own === null) continue;
    if (Date.parse(artifact.created_at ?? "") >= startedMs) newest.set(own, artifact);
    else older = true;
  }
  if (newest.size === 0) {
    const why = older ? "only one of an earlier attempt" : "none";
    throw absent(`The measuring run has no artifact \`${artifactName(key)}\`: ${why}.`);
  }
  const stored: StoredRun[] = [];
  for (const [own, artifact] of [...newest].slice(0, MOST_LEGS)) {
    stored.push({ key: own, archive: await download(client, place, artifact) });
  }
  return stored;
}

/** What GitHub tells of an artifact, as far as it counts here. */
interface Artifact {
  readonly id: number;
  readonly name: string;
  readonly expired: boolean;
  readonly size_in_bytes: number;
  readonly created_at: string | null;
}

const PAGE_LENGTH = 100;
/** A run with more artifacts than on so many pages is none that we documented. */
const MOST_PAGES = 10;

async function listArtifacts(
  client: GithubClient,
  { owner, repository: repo }: Repository,
  run: Pick<MeasuredRun, "id" | "startedAt">,
): Promise<Artifact[]> {
  const listed: Artifact[] = [];
  for (let page = 1; page <= MOST_PAGES; page++) {
    const { data } = await client.call(OPERATIONS.listArtifacts, (api, request) =>
      api.rest.actions.listWorkflowRunArtifacts({
        owner,
        repo,
        run_id: run.id,
        per_page: PAGE_LENGTH,
        page,
        request,
      }),
    );
    listed.push(...data.artifacts);
    if (data.artifacts.length < PAGE_LENGTH) break;
  }
  return listed;
}

async function download(
  client: GithubClient,
  place: Repository,
  { id, name, expired, size_in_bytes: bytes }: Artifact,
): Promise<Buffer> {
  if (expired) throw absent(`The artifact \`${name}\` of the measuring run has expired.`);
  if (bytes > LARGEST_RESPONSE_BYTES) throw tooLarge(name);
  const { data } = await client.call(OPERATIONS.downloadArtifact, (api, request) =>
    api.request("GET /repos/{owner}/{repo}/actions/artifacts/{artifact_id}/{archive_format}", {
      owner: place.owner,
      repo: place.repository,
      artifact_id: id,
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
