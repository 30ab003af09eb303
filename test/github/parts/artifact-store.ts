import { spawn } from "node:child_process";
import { once } from "node:events";
import { createServer } from "node:http";
import { createRequire } from "node:module";
import { createServer as createSocket, type AddressInfo } from "node:net";
import {
  BlobSASPermissions,
  BlobServiceClient,
  StorageSharedKeyCredential,
  generateBlobSASQueryParameters,
} from "@azure/storage-blob";
import { node24 } from "./node24.js";

/** The account that every Azurite has; published in its documentation. */
const ACCOUNT = "devstoreaccount1";
const KEY = "Eby8vdM02xNOcqFlqUwJPLlmEtlCDXJ1OUzFT50uSRZ6IFsuFq2UVErCz4I6tq/K1SZFPTOtr/KBHBeksoGMGw==";
const CONTAINER = "artifacts";
/** Names of the run and the job that the artifacts belong to, as the results service has them. */
const RUN = "ce7f54c7-61c7-4aae-887f-30da475f5f1a";
const JOB = "ca395085-040a-526b-2ce8-bdc85f692774";

interface StoredArtifact {
  readonly id: number;
  readonly name: string;
  readonly bytes: number;
  readonly createdAt: string;
}

/** Fields of the results service's requests that matter here. */
interface Asked {
  readonly name: string;
  readonly size?: string;
  readonly id_filter?: string;
}

/** A blob store (Azurite) and a stub of the results service before it: what @actions/artifact talks to. */
export interface ArtifactStore {
  /** What a runner sets for it. */
  readonly environment: Readonly<Record<string, string>>;
  readonly artifacts: readonly StoredArtifact[];
  /** Stores bytes under a name, past the results service. */
  put(name: string, content: Buffer, createdAt?: string): Promise<StoredArtifact>;
  content(id: number): Promise<Buffer>;
  /** Forgets what is listed. */
  forget(): void;
  /** An address from which anyone may read, as GitHub redirects to. */
  readUrl(id: number): string;
  stop(): Promise<void>;
}

/** Starts both. About two seconds. */
export async function startArtifactStore(): Promise<ArtifactStore> {
  const port = await freePort();
  const main = createRequire(import.meta.url)
    .resolve("azurite/package.json")
    .replace("package.json", "dist/src/blob/main.js");
  const flags = ["--blobHost", "127.0.0.1", "--blobPort", String(port)];
  const quiet = ["--inMemoryPersistence", "--skipApiVersionCheck", "--disableTelemetry", "--silent"];
  const azurite = spawn(node24(), [main, ...flags, ...quiet], { stdio: ["ignore", "ignore", "inherit"] });
  const gone = once(azurite, "exit");
  const account = `http://127.0.0.1:${port}/${ACCOUNT}`;
  const credential = new StorageSharedKeyCredential(ACCOUNT, KEY);
  const container = new BlobServiceClient(account, credential).getContainerClient(CONTAINER);
  await listening(account);
  await container.create();

  const artifacts: StoredArtifact[] = [];
  let lastId = 0;
  const url = (blob: string, permissions: string): string => {
    const expiresOn = new Date(Date.now() + 3_600_000);
    const grant = {
      containerName: CONTAINER,
      blobName: blob,
      expiresOn,
      permissions: BlobSASPermissions.parse(permissions),
    };
    return `${account}/${CONTAINER}/${blob}?${generateBlobSASQueryParameters(grant, credential).toString()}`;
  };
  const blobOf = (id: number): string => `${id}.zip`;
  const add = (name: string, bytes: number, createdAt = new Date().toISOString()): StoredArtifact => {
    const artifact = { id: ++lastId, name, bytes, createdAt };
    artifacts.push(artifact);
    return artifact;
  };

  const results = createServer((request, response) => {
    void (async () => {
      const chunks: Buffer[] = [];
      for await (const chunk of request) chunks.push(chunk as Buffer);
      const asked = JSON.parse(Buffer.concat(chunks).toString("utf8")) as Asked;
      const method = request.url?.split("/").pop();
      const taken = artifacts.some((artifact) => artifact.name === asked.name);
      response.setHeader("content-type", "application/json");
      if (method === "CreateArtifact" && taken) {
        response
          .writeHead(409)
          .end(JSON.stringify({ code: "already_exists", msg: "an artifact with this name already exists" }));
      } else if (method === "CreateArtifact") {
        response.end(JSON.stringify({ ok: true, signed_upload_url: url(blobOf(lastId + 1), "cw") }));
      } else if (method === "FinalizeArtifact") {
        response.end(
          JSON.stringify({ ok: true, artifact_id: String(add(asked.name, Number(asked.size)).id) }),
        );
      } else if (method === "ListArtifacts") {
        const wanted = artifacts.filter(({ id }) => (asked.id_filter ?? String(id)) === String(id));
        const listed = wanted.map(({ id, name, bytes, createdAt }) => ({
          ...{ workflow_run_backend_id: RUN, workflow_job_run_backend_id: JOB },
          ...{ database_id: String(id), name, size: String(bytes), created_at: createdAt },
        }));
        response.end(JSON.stringify({ artifacts: listed }));
      } else if (method === "GetSignedArtifactURL" && taken) {
        const { id } = artifacts.find((artifact) => artifact.name === asked.name)!;
        response.end(JSON.stringify({ signed_url: url(blobOf(id), "r") }));
      } else response.writeHead(404).end("{}");
    })();
  });
  results.listen(0, "127.0.0.1");
  await once(results, "listening");

  return {
    artifacts,
    environment: {
      ACTIONS_RESULTS_URL: `http://127.0.0.1:${(results.address() as AddressInfo).port}/`,
      ACTIONS_RUNTIME_TOKEN: runtimeToken(),
      GITHUB_SERVER_URL: "https://github.com",
    },
    put: async (name, content, createdAt) => {
      const artifact = add(name, content.length, createdAt);
      await container.getBlockBlobClient(blobOf(artifact.id)).uploadData(content);
      return artifact;
    },
    forget: () => {
      artifacts.length = 0;
    },
    content: (id) => container.getBlobClient(blobOf(id)).downloadToBuffer(),
    readUrl: (id) => url(blobOf(id), "r"),
    stop: async () => {
      results.close();
      results.closeAllConnections();
      azurite.kill();
      await gone;
    },
  };
}

/** What a runner's token says, without a signature: whose run the artifact belongs to. */
function runtimeToken(): string {
  const part = (value: object): string => Buffer.from(JSON.stringify(value)).toString("base64url");
  return `${part({ alg: "none" })}.${part({ scp: `Actions.Results:${RUN}:${JOB}` })}.`;
}

async function listening(address: string): Promise<void> {
  for (let tries = 0; tries < 300; tries++) {
    const responded = await fetch(address).then(
      () => true,
      () => false,
    );
    if (responded) return;
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  throw new Error("the blob store does not respond");
}

async function freePort(): Promise<number> {
  const socket = createSocket().listen(0, "127.0.0.1");
  await once(socket, "listening");
  const { port } = socket.address() as AddressInfo;
  socket.close();
  await once(socket, "close");
  return port;
}
