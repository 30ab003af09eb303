import { execFileSync } from "node:child_process";
import { join } from "node:path";
import { expect, test } from "vitest";
import { appendLines } from "../../src/git/history/lines-ref.js";
import { gitIn } from "../../src/git/git.js";
import { openRepository } from "../../src/git/repository.js";
import { makeSharedClone } from "../../src/git/clone-of-objects.js";
import { passedAmong, readStoredHistory } from "../../src/run/stored-history.js";
import { clone, gitBytes, MadeUpRepository } from "../git/repositories.js";
import { temporaryFolder } from "../parts/temporary-folder.js";
import { line } from "../history/made-up-history.js";

async function stored(folder: string) {
  const repository = await openRepository(folder);
  const shared = await makeSharedClone(repository, join(temporaryFolder(), "shared"));
  const head = (await repository.git(["rev-parse", "HEAD"])).stdout.trim();
  return { history: await readStoredHistory(repository, shared, { path: temporaryFolder() }, head), shared };
}

test("a run reads the stored lines and the releases of base's branch, and its clone stays whole", async () => {
  const remote = new MadeUpRepository();
  const first = remote.commit("one");
  remote.git("tag", "v1.0.0");
  const second = remote.commit("two");
  const one = line(1, { base: { sha: first, label: "" }, head: { sha: second, label: "" } });
  const place = { git: gitIn(remote.root), remote: remote.root, ref: "refs/notes/tailgate" };
  const edges = { sleep: () => Promise.resolve(), random: () => 0 };
  await appendLines(place, "2026-09.ndjson", [JSON.stringify(one), "not ours"], edges);
  const folder = clone(remote.root);
  const before = gitBytes(folder);
  const { history, shared } = await stored(folder);
  expect(history).toMatchObject({ lines: [one], order: { releases: [{ name: "v1.0.0", sha: first }] } });
  expect((await shared.git(["rev-parse", "--is-shallow-repository"])).stdout.trim()).toBe("false");
  expect(gitBytes(folder)).toBe(before);
});

test("a remote that does not answer is a sentence, not a failure of the run", async () => {
  const remote = new MadeUpRepository();
  remote.commit("one");
  const folder = clone(remote.root);
  execFileSync("git", ["remote", "set-url", "origin", "file:///nowhere"], { cwd: folder });
  expect((await stored(folder)).history).toMatch(
    /^the history could not be read: refs\/notes\/tailgate cannot be read/u,
  );
});

test("only commits whose run passed are green", () => {
  const red = line(2, { run: { ...line(2).run, verdict: "regression" } });
  expect([...passedAmong([line(1), red])]).toEqual([line(1).head.sha]);
});
