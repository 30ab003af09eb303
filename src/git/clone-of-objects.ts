import { mkdir, readFile, rm, writeFile } from "node:fs/promises";
import { isAbsolute, join, resolve } from "node:path";

import { gitIn, gitOrThrow, type Git } from "./git.js";
import type { Repository } from "./repository.js";
import { settingsText } from "./settings.js";

const HINT = "Check the repository with `git fsck` and `git status`.";

/**
 * A bare repository of ours that shares the objects of the user's. Whatever is fetched, deepened or checked out goes
 * through it, so that the user's references, configuration, hooks, index and shallow boundary stay as they are.
 */
export interface SharedClone {
  /** Absolute path of the bare repository. */
  readonly folder: string;
  readonly git: Git;
  /** Arguments that lend a git command elsewhere what reaches the remotes: their addresses and credentials. */
  readonly lend: readonly string[];
  /** Deletes it. Safe to call twice. */
  dispose(): Promise<void>;
}

/** Settings that say how to reach remotes and how to read what comes from them. All others stay behind. */
const TAKEN_OVER =
  /^(remote|branch|url|http|credential|protocol|transfer|fetch|ssh|lfs|filter)\.|^core\.(sshcommand|gitproxy|askpass)$/i;
/**
 * Makes a shared clone: the user's objects by reference; references, `shallow` and how to reach the remotes as copies.
 *
 * @param folder absolute; must not exist yet
 * @throws TailgateError `revision` when git refuses, `disk` when there is no room
 */
export async function makeSharedClone(repository: Repository, folder: string): Promise<SharedClone> {
  const user = repository.git;
  const ask = (args: readonly string[]): Promise<string> =>
    gitOrThrow(user, args, "reading the repository", HINT);
  const [objects, shallow] = (
    await ask(["rev-parse", "--path-format=absolute", "--git-path", "objects", "--git-path", "shallow"])
  ).split("\n") as [string, string];
  const format = (await ask(["rev-parse", "--show-object-format"])).trim();
  await mkdir(folder, { recursive: true, mode: 0o700 });
  await gitOrThrow(
    gitIn(folder),
    ["init", "--quiet", "--bare", `--object-format=${format}`, "--template=", "."],
    "making a repository of our own",
    HINT,
  );
  await mkdir(join(folder, "objects", "info"), { recursive: true });
  await writeFile(join(folder, "objects", "info", "alternates"), `${objects}\n`);
  const boundary = await readFile(shallow).catch(() => null);
  if (boundary !== null) await writeFile(join(folder, "shallow"), boundary);
  await writeFile(
    join(folder, "packed-refs"),
    `# pack-refs with: \n${await ask(["for-each-ref", "--sort=refname", "--format=%(objectname) %(refname)"])}`,
  );
  const head = await user(["rev-parse", "--verify", "--quiet", "HEAD^{commit}"]);
  if (head.code === 0) await writeFile(join(folder, "HEAD"), head.stdout);
  await appendSettings(repository, folder);
  return {
    folder,
    git: gitIn(folder),
    lend: ["-c", `include.path=${join(folder, "remotes")}`],
    dispose: () => rm(folder, { recursive: true, force: true, maxRetries: 3 }),
  };
}

/** The settings of the user's repository that count here, in the syntax of git's configuration files. */
async function appendSettings(repository: Repository, folder: string): Promise<void> {
  const settings = await settingsText(repository.git, (key, value) => {
    if (key !== "extensions.partialclone" && !TAKEN_OVER.test(key)) return null;
    return /^remote\..*\.url$/s.test(key) ? fromHere(value, repository.root) : value;
  });
  // A file of its own, which can be lent without what else is set here.
  await writeFile(join(folder, "remotes"), settings, { mode: 0o600 });
  const file = join(folder, "config");
  await writeFile(file, `${await readFile(file, "utf8")}[include]\n\tpath = remotes\n`);
}

/** A remote given as a relative path counts from the user's work tree. */
function fromHere(url: string, root: string): string {
  const isPath = !/^[a-z][a-z0-9+.-]*:\/\//i.test(url) && !/^[^/]*:/.test(url) && !isAbsolute(url);
  return isPath ? resolve(root, url) : url;
}
