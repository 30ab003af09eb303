import { describe, expect, test } from "vitest";

import { mergeBasesOf } from "../../src/git/fetch.js";
import { openRepository } from "../../src/git/repository.js";
import { makeSharedClone } from "../../src/git/clone-of-objects.js";
import { seededRandom } from "../../src/stats/random.js";
import { clone, MadeUpRepository } from "./repositories.js";
import { temporaryFolder } from "../parts/temporary-folder.js";
import { join } from "node:path";

/** Two branches with side branches of any age merged into each, as long-lived repositories have them. */
function tangled(seed: number): MadeUpRepository {
  const random = seededRandom(seed);
  const upTo = (count: number): number => Math.floor(random() * count);
  const parents: number[][] = [[]];
  for (let n = 1; n < 24; n++) {
    const first = random() < 0.6 ? n - 1 : upTo(n);
    const merged = random() < 0.35 ? upTo(n) : first;
    parents.push(merged === first ? [first] : [first, merged]);
  }
  const repository = new MadeUpRepository();
  repository.importCommits(parents, { main: 23 - upTo(6), feature: 23 });
  return repository;
}

describe("a merge base found in a shallow clone is that of the whole history", () => {
  test.each(Array.from({ length: 8 }, (_, seed) => seed))("made-up history %i", async (seed) => {
    const repository = tangled(seed);
    const [one, other] = [repository.git("rev-parse", "main"), repository.git("rev-parse", "feature")];
    const whole = repository.git("merge-base", "--all", one, other).split("\n");
    for (const depth of [1, 2, 4, 8]) {
      const folder = clone(repository.root, `--depth=${depth}`, "--no-single-branch");
      const shared = await makeSharedClone(await openRepository(folder), join(temporaryFolder(), "shared"));
      const found = await mergeBasesOf(shared, one, other);
      expect(found.uncertain).toBeNull();
      expect([...found.shas].sort(), `at depth ${depth}`).toEqual(whole.toSorted());
    }
  });
});

test("a side branch of old that was merged lately does not hide the nearer merge base", async () => {
  const repository = new MadeUpRepository();
  const root = repository.commit("root");
  repository.git("checkout", "--quiet", "-b", "side");
  for (let n = 0; n < 5; n++) repository.commit(`side ${n}`, "side");
  repository.git("checkout", "--quiet", "main");
  for (let n = 0; n < 5; n++) repository.commit(`main ${n}`);
  const nearest = repository.git("rev-parse", "main");
  repository.git("checkout", "--quiet", "-b", "feature");
  repository.git("merge", "--quiet", "--no-ff", "--no-edit", "side");
  const head = repository.git("rev-parse", "feature");
  repository.git("checkout", "--quiet", "main");
  repository.git("merge", "--quiet", "--no-ff", "--no-edit", "side");
  const tip = repository.git("rev-parse", "main");
  const folder = clone(repository.root, "--depth=2", "--no-single-branch");
  const shared = await makeSharedClone(await openRepository(folder), join(temporaryFolder(), "shared"));
  const found = await mergeBasesOf(shared, tip, head);
  expect(found.shas).toContain(nearest);
  expect(found.shas).not.toContain(root);
});
