import type { LinesRef } from "./lines-ref.js";
import type { Repository } from "../repository.js";
import type { SharedClone } from "../clone-of-objects.js";

/** A ref of lines beside a repository: on its remote `origin`, or in the repository itself where it has no remote. */
export async function linesRefBeside(
  repository: Repository,
  clone: SharedClone,
  ref: string,
): Promise<LinesRef> {
  const origin = await repository.git(["remote", "get-url", "origin"]);
  return { git: clone.git, remote: origin.code === 0 ? "origin" : repository.root, ref };
}
