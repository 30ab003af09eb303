import type { PullRequestState } from "./github-api.js";

export type Ask = (method: string, path: string, body?: unknown, token?: string) => Promise<unknown>;

const TOKEN = "contributor_token";

/** `contributor`'s fork of a repository, made when it is first needed. */
export function forkOf(ask: Ask, owner: string, repository: string) {
  const origin = `/repos/${owner}/${repository}`;
  const fork = `/repos/contributor/${repository}`;
  const branches = new Set<string>();
  /** Commit that was a branch's last -> the one that is now. */
  const moved = new Map<string, string>();
  let pushes = 0;

  const tip = async (branch: string, of = fork): Promise<string> => {
    const found = (await ask("GET", `${of}/git/ref/heads/${branch}`)) as { object: { sha: string } };
    return found.object.sha;
  };
  const push = async (branch: string): Promise<void> => {
    const before = await tip(branch);
    const name = `push-${++pushes}.txt`;
    const content = Buffer.from(name).toString("base64");
    await ask("PUT", `${fork}/contents/${name}`, { message: name, content, branch }, TOKEN);
    moved.set(before, await tip(branch));
  };
  const addBranch = async (branch: string): Promise<void> => {
    if (branches.size === 0) await ask("POST", `${origin}/forks`, {}, TOKEN);
    const made = { ref: `refs/heads/${branch}`, sha: await tip("main") };
    await ask("POST", `${fork}/git/refs`, made, TOKEN);
    await push(branch);
    // That was the branch's first commit, not one after a pull request's.
    moved.clear();
    branches.add(branch);
  };
  const openPullRequest = async (branch: string, { into = "main" } = {}): Promise<PullRequestState> => {
    if (!branches.has(branch)) await addBranch(branch);
    if (into !== "main") {
      await ask("POST", `${origin}/git/refs`, { ref: `refs/heads/${into}`, sha: await tip("main", origin) });
    }
    const wanted = { title: branch, head: `contributor:${branch}`, base: into };
    const pull = (await ask("POST", `${origin}/pulls`, wanted, TOKEN)) as {
      number: number;
      head: { sha: string };
      base: { sha: string };
    };
    return { number: pull.number, headSha: pull.head.sha, baseSha: pull.base.sha, headRef: branch };
  };
  return { openPullRequest, push, moved };
}
