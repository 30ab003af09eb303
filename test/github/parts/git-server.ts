import { execFileSync, spawn } from "node:child_process";
import { mkdirSync } from "node:fs";
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { dirname, join } from "node:path";

/** A bare repository that git reaches over HTTP, as GitHub serves it: with a token in a header. */
export interface GitServer {
  /** Without a slash at the end; the repository is below it. */
  readonly url: string;
  /** The repository itself. */
  readonly folder: string;
  /** Whether the token may write; without it GitHub answers 403 to a push. */
  mayWrite: boolean;
  stop(): Promise<void>;
}

/** @param name - owner and repository, as in the address */
export async function startGitServer(root: string, name: string, token: string): Promise<GitServer> {
  const folder = join(root, `${name}.git`);
  mkdirSync(dirname(folder), { recursive: true });
  execFileSync("git", ["init", "--quiet", "--bare", folder]);
  execFileSync("git", ["config", "http.receivepack", "true"], { cwd: folder });
  const expected = `basic ${Buffer.from(`x-access-token:${token}`).toString("base64")}`;
  const server = createServer((request, response) => {
    if (request.headers.authorization !== expected) {
      response.writeHead(401, { "www-authenticate": "Basic" }).end();
    } else if (!place.mayWrite && /receive-pack/u.test(request.url!)) {
      response.writeHead(403).end("Permission to acme/shop.git denied to github-actions[bot].");
    } else {
      answer(root, request, response);
    }
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const place: GitServer = {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    folder,
    mayWrite: true,
    stop: () =>
      new Promise((resolve) => {
        server.close(() => {
          resolve();
        });
        server.closeAllConnections();
      }),
  };
  return place;
}

/** Git's own CGI program: its headers come before an empty line. */
function answer(root: string, request: IncomingMessage, response: ServerResponse): void {
  const { pathname, search } = new URL(request.url!, "http://x");
  const child = spawn("git", ["http-backend"], {
    env: {
      PATH: process.env["PATH"],
      GIT_PROJECT_ROOT: root,
      GIT_HTTP_EXPORT_ALL: "1",
      REQUEST_METHOD: request.method,
      PATH_INFO: pathname,
      QUERY_STRING: search.slice(1),
      CONTENT_TYPE: request.headers["content-type"],
      HTTP_CONTENT_ENCODING: request.headers["content-encoding"],
      GIT_PROTOCOL: request.headers["git-protocol"] as string | undefined,
    },
    stdio: ["pipe", "pipe", "inherit"],
  });
  child.stdin.on("error", () => undefined); // It may end without reading.
  request.pipe(child.stdin);
  const chunks: Buffer[] = [];
  child.stdout.on("data", (chunk: Buffer) => chunks.push(chunk));
  child.once("close", () => {
    const output = Buffer.concat(chunks);
    const end = output.indexOf("\r\n\r\n");
    const headers = output
      .subarray(0, end)
      .toString()
      .split("\r\n")
      .map((line) => line.split(/:\s*/u, 2) as [string, string]);
    const status = headers.find(([name]) => name === "Status")?.[1];
    response.writeHead(status === undefined ? 200 : Number.parseInt(status, 10), Object.fromEntries(headers));
    response.end(output.subarray(end + 4));
  });
}
