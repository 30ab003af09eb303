import { execFileSync } from "node:child_process";
import { chmodSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { appendLines, readLinesRef, type LinesRef } from "../../../src/git/history/lines-ref.js";
import { gitIn } from "../../../src/git/git.js";
import { seededRandom } from "../../../src/stats/random.js";
import { temporaryFolder } from "../../parts/temporary-folder.js";

const REF = "refs/notes/tailgate";
const FILE = "2026-11.ndjson";

function bareRemote(): string {
  const folder = temporaryFolder();
  execFileSync("git", ["init", "--quiet", "--bare", folder]);
  return folder;
}

function writer(remote: string): LinesRef {
  const folder = temporaryFolder();
  execFileSync("git", ["init", "--quiet", "--bare", folder]);
  return { git: gitIn(folder), remote: `file://${remote}`, ref: REF };
}

const quick = (seed = 1) => ({
  // A tenth of the pauses: the remote is on this disk.
  sleep: (ms: number) => new Promise<void>((resolve) => setTimeout(resolve, ms / 10)),
  random: seededRandom(seed),
});

const textOf = async (place: LinesRef): Promise<string> =>
  (await readLinesRef(place, (path) => path === FILE)).text;

/** What somebody without Tailgate puts into the ref. */
async function overwritten(remote: string, text: string): Promise<void> {
  const { git } = writer(remote);
  const blob = (await git(["hash-object", "-w", "--stdin"], { input: text })).stdout.trim();
  const tree = (await git(["mktree"], { input: `100644 blob ${blob}\t${FILE}\n` })).stdout.trim();
  const id = ["-c", "user.name=a", "-c", "user.email=a@b"];
  const commit = (await git([...id, "commit-tree", tree, "-m", "mine"])).stdout.trim();
  await git(["push", "--force", `file://${remote}`, `${commit}:${REF}`]);
}

test("a ref that is not there yet reads as empty, and the first append makes it", async () => {
  const remote = bareRemote();
  expect(await textOf(writer(remote))).toBe("");
  expect(await appendLines(writer(remote), FILE, ["a", "b"], quick())).toMatchObject({ added: 2, tries: 1 });
  expect(await textOf(writer(remote))).toBe("a\nb\n");
});

test("an append that is repeated adds nothing", async () => {
  const remote = bareRemote();
  await appendLines(writer(remote), FILE, ["a", "b"], quick());
  expect(await appendLines(writer(remote), FILE, ["b", "c"], quick())).toMatchObject({ added: 1 });
  expect(await appendLines(writer(remote), FILE, ["b", "c"], quick())).toMatchObject({ added: 0 });
  expect(await textOf(writer(remote))).toBe("a\nb\nc\n");
});

test("other files of the ref stay, and a last line that was cut off does not run into the next", async () => {
  const remote = bareRemote();
  await overwritten(remote, '{"cut');
  await appendLines(writer(remote), "2026-12.ndjson", ["x"], quick());
  await appendLines(writer(remote), FILE, ["y"], quick());
  expect((await readLinesRef(writer(remote), () => true)).text).toBe('{"cut\ny\nx\n');
});

test("a ref that was rewritten by force is added to as it stands", async () => {
  const remote = bareRemote();
  const mine = writer(remote);
  await appendLines(mine, FILE, ["a"], quick());
  await overwritten(remote, "theirs\n");
  await appendLines(mine, FILE, ["b"], quick());
  expect(await textOf(mine)).toBe("theirs\nb\n");
});

test("12 writers at the same time lose nothing", async () => {
  const remote = bareRemote();
  const appended = await Promise.all(
    Array.from({ length: 12 }, (_, index) =>
      appendLines(writer(remote), FILE, [`line ${index} one`, `line ${index} two`], quick(index)),
    ),
  );
  const lines = (await textOf(writer(remote))).trimEnd().split("\n");
  expect(lines.toSorted()).toEqual(
    Array.from({ length: 12 }, (_, index) => [`line ${index} one`, `line ${index} two`])
      .flat()
      .toSorted(),
  );
  // Each is a commit of its own on top of the one before: none was overwritten and added again.
  const count = execFileSync("git", ["rev-list", "--count", REF], { cwd: remote, encoding: "utf8" });
  expect(Number(count)).toBe(12);
  expect(Math.max(...appended.map(({ tries }) => tries))).toBeGreaterThan(1);
});

test("a remote that refuses for ever ends in an error that says which permission is needed, after one try", async () => {
  const remote = bareRemote();
  const hook = join(remote, "hooks", "pre-receive");
  writeFileSync(hook, "#!/bin/sh\necho 'this ref is protected' >&2\nexit 1\n");
  chmodSync(hook, 0o755);
  let pauses = 0;
  const sleep = (): Promise<void> => {
    pauses++;
    return Promise.resolve();
  };
  const edges = { ...quick(), sleep };
  const refused = appendLines(writer(remote), FILE, ["a"], edges);
  await expect(refused).rejects.toMatchObject({
    code: "revision",
    message: expect.stringMatching(
      /history was not stored.*pre-receive hook declined.*protected/su,
    ) as string,
    hint: expect.stringContaining("contents: write") as string,
  });
  expect(pauses).toBe(0);
});

test("a remote that is not there is an error, not an empty history", async () => {
  const place = { ...writer(bareRemote()), remote: "file:///nowhere" };
  await expect(textOf(place)).rejects.toMatchObject({ code: "revision" });
});
