import { mkdtemp, rm } from "node:fs/promises";
import { join } from "node:path";
import { writingAt } from "../../error.js";
import { gitIn, gitOrThrow } from "../../git/git.js";
import type { LinesRef } from "../../git/history/lines-ref.js";
import { temporaryParent } from "../../service/clean-up/run-folder.js";
import { HISTORY_REF } from "../../store/history-store.js";
import type { GithubContext } from "../event/github-context.js";

/** The repository that holds the history, for a job that has checked nothing out. */
export interface HistoryRemote {
  readonly url: string;
  /** Sent as a header, and in no argument that other processes could see; `null`: the address needs none. */
  readonly token: string | null;
}

export function remoteOf({ runner, token }: GithubContext): HistoryRemote {
  return { url: `${runner.serverUrl}/${runner.owner}/${runner.repository}.git`, token };
}

/** Edges of a store that really waits. */
export const WAITING = {
  sleep: (ms: number) => new Promise<void>((resolve) => setTimeout(resolve, ms)),
  random: Math.random,
};

/** Does something with the history's ref, by an empty repository of our own that is deleted afterwards. */
export async function withRemote<T>(remote: HistoryRemote, use: (place: LinesRef) => Promise<T>): Promise<T> {
  const parent = temporaryParent(process.env);
  const folder = await writingAt(parent, () => mkdtemp(join(parent, "tailgate-history-")));
  try {
    const git = gitIn(folder, { ...process.env, ...authorization(remote) });
    await gitOrThrow(
      git,
      ["init", "--quiet", "--bare", "."],
      "making a repository of our own",
      "Check that the disk has room.",
    );
    return await use({ git, remote: remote.url, ref: HISTORY_REF });
  } finally {
    await rm(folder, { recursive: true, force: true, maxRetries: 3 });
  }
}

/** Configuration by environment, as actions/checkout would write it into a file. */
function authorization({ url, token }: HistoryRemote): Record<string, string> {
  if (token === null) return {};
  const credentials = Buffer.from(`x-access-token:${token}`).toString("base64");
  return {
    GIT_CONFIG_COUNT: "1",
    GIT_CONFIG_KEY_0: `http.${new URL(url).origin}/.extraheader`,
    GIT_CONFIG_VALUE_0: `AUTHORIZATION: basic ${credentials}`,
  };
}
