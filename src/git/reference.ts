import { TailgateError } from "../error.js";
import type { Git } from "./git.js";

/** A name for a commit that git may be asked about, or why it may not. */
export function refuseReference(reference: string): string | null {
  if (reference === "") return "it is empty";
  if (reference.startsWith("-")) return "it begins with a dash, as an option of git does";
  // eslint-disable-next-line no-control-regex -- that is what is looked for
  if (/[\u0000-\u001f\u007f]/.test(reference)) return "it holds a control character";
  if (reference.length > 1024) return "it is longer than 1024 characters";
  return null;
}

export function requireReference(reference: string): void {
  const reason = refuseReference(reference);
  if (reason === null) return;
  throw new TailgateError(
    "revision",
    `${JSON.stringify(reference.slice(0, 100))} cannot name a commit: ${reason}`,
    "Give a branch, a tag or a commit's sha.",
  );
}

export const FULL_SHA = /^[0-9a-f]{40}([0-9a-f]{24})?$/;

/** The commit a name stands for here, without asking any remote. Branches of `origin` count without their prefix. */
export async function commitOf(git: Git, reference: string): Promise<string | null> {
  for (const name of [reference, `refs/remotes/origin/${reference}`]) {
    const output = await git(["rev-parse", "--verify", "--quiet", "--end-of-options", `${name}^{commit}`]);
    if (output.code === 0) return output.stdout.trim();
  }
  return null;
}
