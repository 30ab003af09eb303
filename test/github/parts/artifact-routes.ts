import type { ArtifactStore } from "./artifact-store.js";
import type { Github } from "./github-api.js";
import { json } from "./proxy.js";

/** Lets the API list and hand out what the store holds, as the artifacts of one run. */
export function serveArtifacts(
  github: Github,
  store: ArtifactStore,
  run: { readonly id: number; readonly expired?: boolean; readonly claimedBytes?: number },
): void {
  const repo = `/repos/${github.owner}/${github.repository}`;
  github.proxy.routes.set(`^${repo}/actions/runs/${run.id}/artifacts$`, ({ path }) => {
    const name = new URL(path, "http://x").searchParams.get("name");
    const artifacts = store.artifacts
      .filter((artifact) => name === null || artifact.name === name)
      .map((artifact) => ({
        id: artifact.id,
        node_id: `A_${artifact.id}`,
        name: artifact.name,
        size_in_bytes: run.claimedBytes ?? artifact.bytes,
        url: `${github.apiUrl}${repo}/actions/artifacts/${artifact.id}`,
        archive_download_url: `${github.apiUrl}${repo}/actions/artifacts/${artifact.id}/zip`,
        expired: run.expired ?? false,
        created_at: artifact.createdAt,
        expires_at: artifact.createdAt,
        updated_at: artifact.createdAt,
      }));
    return json(200, { total_count: artifacts.length, artifacts });
  });
  github.proxy.routes.set(`^${repo}/actions/artifacts/[0-9]+/zip$`, ({ path }) => {
    const id = Number(/artifacts\/(\d+)\/zip/.exec(path)![1]);
    return { status: 302, headers: { location: store.readUrl(id) }, body: "" };
  });
}
