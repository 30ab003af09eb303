import { startEmulator, type Emulator } from "./emulator.js";
import { forkOf, type Ask } from "./fork.js";
import type { Fault } from "./faults.js";
import { json, startProxy, type Proxy } from "./proxy.js";

/** Permissions of a job's token, in the API's words. */
type Permissions = Readonly<Record<string, "read" | "write">>;

/** What `permissions: { contents: read, pull-requests: write }` gives. */
const COMMENTING: Permissions = { contents: "read", pull_requests: "write" };

export interface GithubOptions {
  readonly owner?: string;
  readonly repository?: string;
  readonly permissions?: Permissions;
  /** Path before the API's own, as GitHub Enterprise Server has `/api/v3`. */
  readonly prefix?: string;
  /** SHAs that pull request 1 shall have, for a test with a git repository of its own. */
  readonly headSha?: string;
  readonly baseSha?: string;
}

interface PostedComment {
  readonly id: number;
  readonly body: string;
  readonly login: string;
}

interface CheckRun {
  readonly name: string;
  readonly head_sha: string;
  readonly conclusion: string;
  readonly output: { readonly title: string; readonly summary: string };
}

export interface PullRequestState {
  readonly number: number;
  readonly headSha: string;
  readonly baseSha: string;
  readonly headRef: string;
}

/** A GitHub with one repository and one open pull request: `feature` into `main`. */
export interface Github {
  /** For GITHUB_API_URL. */
  readonly apiUrl: string;
  readonly owner: string;
  readonly repository: string;
  /** Of the app `github-actions`, with the permissions asked for. */
  readonly token: string;
  readonly pullRequest: PullRequestState;
  readonly proxy: Proxy;
  tokenWith(permissions: Permissions): Promise<string>;
  /** All comments of a pull request, oldest first. */
  comments(number?: number): Promise<PostedComment[]>;
  /** Writes as the owner, as a stranger, or with any token. */
  comment(
    body: string,
    as: "owner" | "contributor" | { readonly token: string },
    number?: number,
  ): Promise<number>;
  deleteComment(id: number): Promise<void>;
  closePullRequest(number?: number): Promise<void>;
  /** Opens another pull request from a branch of the same repository. */
  openPullRequest(branch: string): Promise<PullRequestState>;
  /** Opens one from a branch of `contributor`'s fork; the fork and the branch are made where they are missing. */
  openPullRequestFromFork(branch: string, options?: { readonly into?: string }): Promise<PullRequestState>;
  /** Adds a commit to a branch of the fork. */
  pushToFork(branch: string): Promise<void>;
  /** Puts a file on a branch. */
  writeFile(path: string, content: string, branch?: string): Promise<void>;
  /** Check runs that were created, in order. (The emulator does not find them again on a fork's commit.) */
  checkRuns(): CheckRun[];
  /** Makes the next `times` requests of this kind fail. */
  fault(method: string, path: RegExp, fault: Fault, times?: number): void;
  stop(): Promise<void>;
}

/** Starts the emulator and the proxy before it. About half a second. */
export async function startGithub(options: GithubOptions = {}): Promise<Github> {
  const owner = options.owner ?? "acme";
  const repository = options.repository ?? "shop";
  const emulator = await startEmulator(owner, repository);
  const proxy = await startProxy(emulator.url, options.prefix);
  const repo = `/repos/${owner}/${repository}`;
  const ask = asker(emulator);

  const writeFile = async (path: string, content: string, branch = "main"): Promise<void> => {
    const there = (await ask("GET", `${repo}/contents/${path}?ref=${branch}`).catch(() => null)) as {
      sha: string;
    } | null;
    await ask("PUT", `${repo}/contents/${path}`, {
      message: path,
      content: Buffer.from(content).toString("base64"),
      branch,
      ...(there === null ? {} : { sha: there.sha }),
    });
  };
  const openPullRequest = async (branch: string): Promise<PullRequestState> => {
    const main = (await ask("GET", `${repo}/git/ref/heads/main`)) as { object: { sha: string } };
    await ask("POST", `${repo}/git/refs`, { ref: `refs/heads/${branch}`, sha: main.object.sha });
    await writeFile(`${branch}.txt`, branch, branch);
    const pull = (await ask("POST", `${repo}/pulls`, { title: branch, head: branch, base: "main" })) as {
      number: number;
      head: { sha: string };
      base: { sha: string };
    };
    return { number: pull.number, headSha: pull.head.sha, baseSha: pull.base.sha, headRef: branch };
  };

  const fork = forkOf(ask, owner, repository);

  const first = await openPullRequest("feature");
  const pullRequest = {
    ...first,
    headSha: options.headSha ?? first.headSha,
    baseSha: options.baseSha ?? first.baseSha,
  };
  const renamed = new Map([
    [first.headSha, pullRequest.headSha],
    [first.baseSha, pullRequest.baseSha],
  ]);
  // The emulator makes commits of its own, and its pull requests do not follow their branch.
  proxy.rewrite = (path, body) => {
    let text = JSON.stringify(body);
    const newer = path.includes("/pulls") ? fork.moved : new Map<string, string>();
    for (const [from, to] of [...renamed, ...newer]) text = text.replaceAll(from, to);
    return JSON.parse(text) as unknown;
  };
  // A job's token is an app's: it may not ask who it is by REST, and GraphQL names the bot.
  proxy.routes.set("^/user$", ({ token }) =>
    token.startsWith("ghs_") ? json(403, { message: "Resource not accessible by integration" }) : null,
  );
  proxy.routes.set("^/graphql$", ({ token }) =>
    json(200, { data: { viewer: { login: token.startsWith("ghs_") ? "github-actions[bot]" : owner } } }),
  );

  return {
    apiUrl: proxy.url,
    owner,
    repository,
    token: await emulator.token(options.permissions ?? COMMENTING),
    pullRequest,
    proxy,
    tokenWith: (permissions) => emulator.token(permissions),
    comments: async (number = 1) => {
      const all: PostedComment[] = [];
      for (let page = 1; ; page++) {
        const some = (await ask("GET", `${repo}/issues/${number}/comments?per_page=100&page=${page}`)) as {
          id: number;
          body: string;
          user: { login: string };
        }[];
        all.push(...some.map(({ id, body, user }) => ({ id, body, login: user.login })));
        if (some.length < 100) return all;
      }
    },
    comment: async (body, as, number = 1) => {
      const token = typeof as === "string" ? `${as}_token` : as.token;
      const made = (await ask("POST", `${repo}/issues/${number}/comments`, { body }, token)) as {
        id: number;
      };
      return made.id;
    },
    deleteComment: async (id) => {
      await ask("DELETE", `${repo}/issues/comments/${id}`);
    },
    closePullRequest: async (number = 1) => {
      await ask("PATCH", `${repo}/pulls/${number}`, { state: "closed" });
    },
    openPullRequest,
    openPullRequestFromFork: fork.openPullRequest,
    pushToFork: fork.push,
    writeFile,
    checkRuns: () =>
      proxy.seen
        .filter(
          ({ method, path, status }) => method === "POST" && path.endsWith("/check-runs") && status === 201,
        )
        .map(({ body }) => JSON.parse(body) as CheckRun),
    fault: (method, path, fault, times = 1) => {
      proxy.faults.push({ method, path, fault, times });
    },
    stop: async () => {
      await proxy.stop();
      await emulator.stop();
    },
  };
}

/** Asks the emulator itself, past the proxy. */
function asker(emulator: Emulator): Ask {
  return async (method: string, path: string, body?: unknown, token = "owner_token"): Promise<unknown> => {
    const response = await fetch(emulator.url + path, {
      method,
      headers: { authorization: `token ${token}`, "content-type": "application/json" },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    const text = await response.text();
    if (!response.ok) throw new Error(`${method} ${path}: ${response.status} ${text}`);
    return text === "" ? null : (JSON.parse(text) as unknown);
  };
}
