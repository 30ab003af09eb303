import { TailgateError } from "../error.js";
import { lastWords, type Git } from "./git.js";
import { commitOf, FULL_SHA, requireReference } from "./reference.js";

const HINT = "Check out with the whole history: `with: { fetch-depth: 0 }` on actions/checkout.";

/** How many more commits each step of deepening asks for; the last one asks for all. */
const STEPS = [50, 200, 1000, 2_147_483_647];

export async function isShallow(git: Git): Promise<boolean> {
  return (await git(["rev-parse", "--is-shallow-repository"])).stdout.trim() === "true";
}

/**
 * The commit a name stands for, fetched from `origin` if it is not here.
 *
 * @throws TailgateError `revision` if it is neither here nor there.
 */
export async function obtainCommit(git: Git, reference: string): Promise<string> {
  requireReference(reference);
  const here = await commitOf(git, reference);
  if (here !== null) return here;
  const source = FULL_SHA.test(reference)
    ? reference
    : `+refs/heads/${reference}:refs/remotes/origin/${reference}`;
  const depth = (await isShallow(git)) ? ["--depth=1"] : [];
  const fetched = await git([
    "fetch",
    "--no-tags",
    "--quiet",
    ...depth,
    "--end-of-options",
    "origin",
    source,
  ]);
  const there = await commitOf(git, reference);
  if (there !== null) return there;
  throw new TailgateError(
    "revision",
    `${JSON.stringify(reference)} is no commit of this repository${fetched.code === 0 ? "" : ` (${lastWords(fetched)})`}`,
    `Check its spelling. ${HINT}`,
  );
}

/**
 * The best common ancestor of two commits, deepening a shallow clone from its remote until it is there.
 *
 * @throws TailgateError `revision` if they share none, or if the remote does not give what is missing.
 */
export async function mergeBaseOf(git: Git, one: string, other: string): Promise<string> {
  let refusal = "";
  for (const step of [0, ...STEPS]) {
    if (step > 0) {
      if (!(await isShallow(git))) break;
      const fetched = await deepen(git, step, [one, other]);
      if (fetched !== null) {
        refusal = fetched;
        break;
      }
    }
    const output = await git(["merge-base", "--end-of-options", one, other]);
    // In a shallow clone the cut-off edge may hide a nearer one, but what git finds is always a common ancestor.
    if (output.code === 0) return output.stdout.trim();
  }
  const why =
    refusal === "" ? "they share no commit" : `the clone is shallow and could not be deepened: ${refusal}`;
  throw new TailgateError(
    "revision",
    `no merge base of ${one.slice(0, 10)} and ${other.slice(0, 10)}: ${why}`,
    HINT,
  );
}

/** First parent of a commit, deepened for if need be; `null` for a root commit. */
export async function parentOf(git: Git, commit: string): Promise<string | null> {
  const parents = await git(["cat-file", "-p", commit]);
  const first = /^parent ([0-9a-f]+)$/m.exec(parents.stdout.split("\n\n")[0] ?? "")?.[1];
  if (first === undefined) return null;
  if ((await commitOf(git, first)) !== null) return first;
  const refusal = await deepen(git, 2, [commit]);
  if ((await commitOf(git, first)) !== null) return first;
  throw new TailgateError(
    "revision",
    `the parent of ${commit.slice(0, 10)} is missing: the clone is shallow${refusal === null ? "" : ` and could not be deepened: ${refusal}`}`,
    HINT,
  );
}

/** Fetches further back from the given commits. Gives the remote's refusal, or `null`. */
async function deepen(git: Git, commits: number, from: readonly string[]): Promise<string | null> {
  const options = ["fetch", "--no-tags", "--quiet", `--deepen=${commits}`, "--end-of-options", "origin"];
  // By name first; a server that does not give commits by sha still gives its branches.
  const named = await git([...options, ...from]);
  if (named.code === 0) return null;
  const all = await git(options);
  return all.code === 0 ? null : lastWords(all);
}
