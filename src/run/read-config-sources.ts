import { isAbsolute, join, posix, resolve } from "node:path";
import { CONFIG_PATHS } from "../config/defaults.js";
import { type ConfigSource, LARGEST_CONFIG_BYTES, readConfigFile } from "../config/file/read-file.js";
import { TailgateError } from "../error.js";
import { readFileBounded } from "../files/read-file.js";
import { fileAt } from "../git/file-at.js";
import type { Git } from "../git/git.js";
import type { Repository } from "../git/repository.js";
import type { ResolvedRevisions } from "../git/resolve-revisions.js";
import type { SharedClone } from "../git/clone-of-objects.js";
import type { RunContext } from "./run-context.js";

/** tailgate.yml of both revisions; `null` where a revision has none. */
export interface Sources {
  readonly headFile: ConfigSource | null;
  readonly baseFile: ConfigSource | null;
}

/** The file in the user's own folder, committed or not; `null` when there is none. */
export function readWorkingFile(context: RunContext, repositoryRoot: string | null): ConfigSource | null {
  const named = context.inputs.config;
  if (named !== null) {
    const path = isAbsolute(named) ? named : resolve(context.workingDirectory, named);
    const bytes = bytesOf(path);
    if (bytes === null) throw missing(named);
    return readConfigFile(bytes, named);
  }
  for (const folder of new Set([context.workingDirectory, repositoryRoot ?? context.workingDirectory])) {
    for (const path of CONFIG_PATHS) {
      const bytes = bytesOf(join(folder, path));
      if (bytes !== null) return readConfigFile(bytes, path);
    }
  }
  return null;
}

/**
 * The files as they stand in the two revisions. On a developer's machine a file named by `--config` is meant as it
 * lies there, and so is one that neither revision holds yet: it governs both.
 *
 * @throws TailgateError "config" when the named file is in neither revision, or a file is not valid
 */
export async function readSources(
  context: RunContext,
  repository: Repository,
  { git }: SharedClone,
  revisions: ResolvedRevisions,
): Promise<Sources> {
  const { base, head } = revisions;
  if (context.event.kind === "local" && context.inputs.config !== null) {
    return { headFile: readWorkingFile(context, repository.root), baseFile: null };
  }
  const headFile = head.dirty
    ? readWorkingFile(context, repository.root)
    : await committedFile(context, repository, git, head.sha, "");
  const baseFile = await committedFile(context, repository, git, base.sha, " (base)");
  if (headFile === null && baseFile === null) {
    if (context.inputs.config !== null) throw missing(context.inputs.config);
    // Written a moment ago and not committed yet: on one's own machine that is the one that is meant.
    if (context.event.kind === "local") {
      return { headFile: readWorkingFile(context, repository.root), baseFile: null };
    }
  }
  return { headFile, baseFile };
}

async function committedFile(
  context: RunContext,
  { subfolder }: Repository,
  git: Git,
  sha: string,
  suffix: string,
): Promise<ConfigSource | null> {
  const paths = context.inputs.config === null ? CONFIG_PATHS : [posix.normalize(context.inputs.config)];
  for (const folder of new Set([subfolder, ""])) {
    for (const path of paths) {
      const bytes = await fileAt(git, sha, posix.join(folder, path));
      if (bytes !== null) return readConfigFile(bytes, `${path}${suffix}`);
    }
  }
  return null;
}

function bytesOf(path: string): Uint8Array | null {
  const read = readFileBounded(path, { mostBytes: LARGEST_CONFIG_BYTES, shared: false });
  switch (read.kind) {
    case "read":
      return read.bytes;
    case "absent":
      return null;
    case "refused":
      throw new TailgateError(
        "config",
        `${path} cannot be read: it ${read.why}.`,
        "Check that it is a file that you may read; a configuration is a few dozen lines.",
      );
  }
}

function missing(path: string): TailgateError {
  return new TailgateError(
    "config",
    `The configuration file \`${path}\` does not exist.`,
    `Correct \`config\`, or leave it out: then ${CONFIG_PATHS.join(", ")} are looked for.`,
  );
}
