import { gitOrThrow, type Git } from "./git.js";

/**
 * Settings of a repository, in the syntax of git's configuration files. What is set for the user or the machine is left
 * out: git finds that by itself.
 *
 * @param choose the value to write for a key (lower case but for names inside), or `null` to leave it out
 * @throws TailgateError `revision` when git cannot read its configuration
 */
export async function settingsText(
  git: Git,
  choose: (key: string, value: string) => string | null,
): Promise<string> {
  const listed = await gitOrThrow(
    git,
    ["config", "--list", "-z", "--show-scope"],
    "reading the repository's configuration",
    "Check it with `git config --list`.",
  );
  const fields = listed.split("\0");
  const lines: string[] = [];
  for (let i = 0; i + 1 < fields.length; i += 2) {
    if (fields[i] !== "local" && fields[i] !== "worktree") continue;
    const entry = fields[i + 1]!;
    const at = entry.indexOf("\n");
    const key = at < 0 ? entry : entry.slice(0, at);
    const value = choose(key, at < 0 ? "true" : entry.slice(at + 1));
    if (value === null) continue;
    // Extensions count only from this version of the format on.
    if (key === "extensions.partialclone") lines.push("[core]\n\trepositoryformatversion = 1\n");
    lines.push(setting(key, value));
  }
  return lines.join("");
}

function setting(key: string, value: string): string {
  const [first, last] = [key.indexOf("."), key.lastIndexOf(".")];
  const name = key.slice(first + 1, last);
  const subsection = last > first ? ` "${name.replace(/["\\]/g, "\\$&")}"` : "";
  const quoted = value.replace(/["\\]/g, "\\$&").replaceAll("\n", "\\n").replaceAll("\t", "\\t");
  return `[${key.slice(0, first)}${subsection}]\n\t${key.slice(last + 1)} = "${quoted}"\n`;
}
