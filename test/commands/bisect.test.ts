import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { bisectCommand, type BisectOptions } from "../../src/commands/bisect.js";
import { commitsAfter } from "../../src/git/history/commits-after.js";
import { openRepository } from "../../src/git/repository.js";
import { clone, MadeUpRepository } from "../git/repositories.js";

/** main: c1 - c2 - c3 - merge of a branch with two commits - c5. */
function repository(): { made: MadeUpRepository; c: readonly string[] } {
  const made = new MadeUpRepository();
  const c = ["c1", "c2", "c3"].map((text) => made.commit(text));
  made.git("checkout", "--quiet", "-b", "topic");
  made.commit("t1", "topic");
  made.commit("t2", "topic");
  made.git("checkout", "--quiet", "main");
  made.git("merge", "--quiet", "--no-ff", "-m", "merge topic", "topic");
  return { made, c: [...c, made.git("rev-parse", "HEAD"), made.commit("c5")] };
}

function asked(folder: string, options: Partial<BisectOptions> = {}): Promise<number> {
  const streams = { stdout: { write: () => true }, stderr: { write: () => true } };
  const all = {
    good: "main~2",
    bad: "main",
    steps: "40",
    confidence: "95%",
    out: ".tailgate/bisect",
    ...options,
  };
  return bisectCommand(all, folder, streams);
}

test("the commits between good and bad are those of the branch itself, oldest first, a merge as one", async () => {
  const { made, c } = repository();
  const found = await commitsAfter(await openRepository(made.root), c[0]!, "main");
  expect(found.good).toBe(c[0]);
  expect(found.commits.map(({ sha }) => sha)).toEqual(c.slice(1));
  expect(found.commits.map(({ subject }) => subject)).toEqual(["c2", "c3", "merge topic", "c5"]);
});

describe("a shallow clone", () => {
  test("that lacks the good commit is told how to fetch it", async () => {
    const folder = clone(repository().made.root, "--depth=1");
    await expect(asked(folder)).rejects.toMatchObject({
      message: expect.stringContaining('"main~2" is no commit of this repository') as string,
      hint: expect.stringContaining("fetch-depth: 0") as string,
    });
  });

  test("that holds good and bad and not all between them is refused, and the whole one is not", async () => {
    const made = new MadeUpRepository();
    const first = made.commit("c1");
    made.commit("c2");
    made.commit("c3");
    made.git("checkout", "--quiet", "-b", "topic", first);
    // Good is what was merged: main's own commits are the ones between.
    const merged = made.commit("t1", "topic");
    made.git("checkout", "--quiet", "main");
    made.git("merge", "--quiet", "--no-ff", "-m", "merge topic", "topic");
    const between = async (folder: string): Promise<readonly string[]> =>
      (await commitsAfter(await openRepository(folder), merged, "main")).commits.map(
        ({ subject }) => subject,
      );
    expect(await between(made.root)).toEqual(["c2", "c3", "merge topic"]);
    await expect(between(clone(made.root, "--depth=2"))).rejects.toMatchObject({
      message: expect.stringContaining("this clone is shallow") as string,
      hint: expect.stringContaining("--unshallow") as string,
    });
  });
});

test.each([
  [{ good: "--upload-pack=sh" }, /cannot name a commit: it begins with a dash/u],
  [{ good: "$(id)" }, /is no commit of this repository/u],
  [{ good: "main" }, /good and bad are the same commit/u],
  [{ good: "main", bad: "main~3" }, /does not build on/u],
  [{ metric: "p51" }, /--metric/u],
  [{ steps: "0" }, /--steps/u],
  [{ confidence: "100%" }, /--confidence/u],
])("%o is an error before anything is measured", async (options, message) => {
  const { made } = repository();
  await expect(asked(made.root, options)).rejects.toThrow(message);
});

test("what was measured for another question is not gone on from", async () => {
  const { made, c } = repository();
  mkdirSync(join(made.root, ".tailgate/bisect"), { recursive: true });
  const file = join(made.root, ".tailgate/bisect/bisection.json");
  const record = {
    schema: "tailgate/bisection@1",
    good: c[0],
    bad: c[3],
    sought: { scenario: "list users", metric: "p50" },
    asked: { scenario: null, metric: null },
    steps: [],
  };
  writeFileSync(file, JSON.stringify(record));
  await expect(asked(made.root)).rejects.toMatchObject({
    message: expect.stringMatching(
      /holds a bisection of .*p50 of list users: that is another question/u,
    ) as string,
    hint: expect.stringContaining("--fresh") as string,
  });
  writeFileSync(file, '{"schema":"tailgate/bis');
  await expect(asked(made.root)).rejects.toMatchObject({ code: "artifact" });
});
