import { execFileSync } from "node:child_process";
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { historyAppendCommand } from "../../../src/commands/history/append.js";
import { historyCommand, type HistoryOptions } from "../../../src/commands/history/history.js";
import type { Result } from "../../../src/model/result.js";
import { clone, gitBytes, MadeUpRepository } from "../../git/repositories.js";
import { temporaryFolder } from "../../parts/temporary-folder.js";
import { sampleResult } from "../../reporters/sample-result.js";

interface Said {
  readonly out: string;
  readonly err: string;
}

async function asked(folder: string, options: Partial<HistoryOptions> = {}): Promise<Said> {
  const said = { out: "", err: "" };
  const streams = {
    stdout: { write: (text: string) => void (said.out += text) },
    stderr: { write: (text: string) => void (said.err += text) },
  };
  expect(await historyCommand({ format: "text", ...options }, folder, streams)).toBe(0);
  return said;
}

async function append(folder: string, result: Result): Promise<string> {
  const file = join(temporaryFolder(), "result.json");
  writeFileSync(file, JSON.stringify(result));
  let said = "";
  await historyAppendCommand([file], {}, folder, {
    stderr: { write: (text: string) => void (said += text) },
  });
  return said;
}

/** A run of two commits, a day after the one before. */
function run(base: string, head: string, day: number, slower = 1): Result {
  const result = sampleResult({ slower: { "list users": slower } });
  const revision = (sha: string) => ({ sha, label: "commit", dirty: false });
  return {
    ...result,
    startedAt: new Date(Date.UTC(2026, 9, 29 + day)).toISOString(),
    arms: result.arms.map((arm) => ({ ...arm, revision: revision(arm.role === "base" ? base : head) })),
  };
}

/** A remote with three commits and a release at the first, and a clone of it. */
function released(): { remote: MadeUpRepository; folder: string; shas: readonly [string, string, string] } {
  const remote = new MadeUpRepository();
  const shas = ["one", "two", "three"].map((text) => remote.commit(text)) as [string, string, string];
  remote.git("tag", "v1.0.0", shas[0]);
  remote.git("tag", "nightly", shas[1]);
  return { remote, folder: clone(remote.root), shas };
}

test("what was appended is read back, month by month, and the user's .git stays as it is", async () => {
  const { remote, folder, shas } = released();
  const before = gitBytes(folder);
  expect(await append(folder, run(shas[0], shas[1], 1, 1.04))).toMatch(/: \d+ lines stored in 1 try\n$/u);
  const again = await append(folder, run(shas[0], shas[1], 1, 1.04));
  expect(again).toMatch(/stored already\n$/u);
  await append(folder, run(shas[1], shas[2], 4, 1.04));
  expect(gitBytes(folder)).toBe(before);
  const files = execFileSync("git", ["ls-tree", "--name-only", "refs/notes/tailgate"], { cwd: remote.root });
  expect(files.toString()).toBe("2026-10.ndjson\n2026-11.ndjson\n");
  const { out } = await asked(folder, { metric: "p50", scenario: "list users" });
  expect(out).toMatch(/list users\s+p50\s+2\s+2026-11-02/u);
  expect(out).toMatch(/\+7\.\d % \[.*\] v1\.0\.0/u);
  expect(out).not.toContain("one user");
});

test("other formats go to standard output or a file, and can be read again with --from", async () => {
  const { folder, shas } = released();
  await append(folder, run(shas[0], shas[1], 1));
  const { out } = await asked(folder, { format: "json" });
  const file = join(temporaryFolder(), "lines.ndjson");
  writeFileSync(file, `${out}{"cut`);
  const page = join(temporaryFolder(), "history.html");
  const said = await asked(folder, { format: "html", from: file, out: page });
  expect(said).toEqual({ out: "", err: "1 line was passed over: 1 damaged or cut off.\n" });
  expect(readFileSync(page, "utf8")).toContain("History of latency");
  expect((await asked(folder, { format: "openmetrics", from: file })).out).toMatch(/# EOF\n$/u);
});

test("a repository without tags, or whose tags are no versions, says that there is no release", async () => {
  const { remote, folder, shas } = released();
  remote.git("tag", "--delete", "v1.0.0");
  execFileSync("git", ["tag", "--delete", "v1.0.0"], { cwd: folder });
  await append(folder, run(shas[0], shas[1], 1));
  expect((await asked(folder)).out).toContain("no tag of this branch looks like a version");
});

test("a release that is no ancestor of the branch is none of its releases", async () => {
  const { folder, shas } = released();
  await append(folder, run(shas[0], shas[1], 1));
  execFileSync("git", ["checkout", "--quiet", "--orphan", "other"], { cwd: folder });
  execFileSync("git", ["-c", "user.name=a", "-c", "user.email=a@b", "commit", "--quiet", "-m", "x"], {
    cwd: folder,
  });
  const { out } = await asked(folder);
  expect(out).toContain("no tag of this branch looks like a version");
  expect(out).toMatch(/\d+ of \d+ lines are of commits that this branch does not hold/u);
});

test("a shallow clone says that it is shallow instead of calling commits gone", async () => {
  const { remote, folder, shas } = released();
  await append(folder, run(shas[0], shas[1], 1));
  expect((await asked(clone(remote.root, "--depth=1"))).out).toContain(
    "this clone is shallow: fetch the whole history",
  );
});

test("a repository without a remote keeps the history in itself", async () => {
  const { remote, shas } = released();
  await append(remote.root, run(shas[0], shas[1], 1));
  expect(remote.git("rev-list", "--count", "refs/notes/tailgate")).toBe("1");
});

test.each([
  [{ format: "pdf" }, "--format"],
  [{ metric: "p51" }, "--metric"],
  [{ since: "yesterday" }, "--since"],
  [{ branch: "--upload-pack=sh" }, "--branch"],
  [{ ref: "notes/$(id)" }, "--ref"],
])("%o is an error that says what to give", async (options, flag) => {
  const { folder } = released();
  await expect(asked(folder, options)).rejects.toMatchObject({
    code: "config",
    message: expect.stringContaining(flag) as string,
  });
});
