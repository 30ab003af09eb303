import { execFileSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";

import type { RevisionEvent } from "../../src/git/revision-event.js";
import { clone, gitBytes, MadeUpRepository, resolve } from "./repositories.js";

/*
 * The table of docs/which-commits.md, row by row, on real repositories. The last test holds that no row lacks its test.
 */

const ZERO = "0".repeat(40);
const tested: string[] = [];

/** A claim about one row of the table: `event: situation`, as the page writes it. */
function row(name: string, claim: () => Promise<void>): void {
  tested.push(name);
  test(name, claim);
}

/** A clone with everything, at `head` as a job checks it out, whose .git must be the same bytes afterwards. */
async function compared(
  repository: MadeUpRepository,
  event: RevisionEvent,
  options: {
    readonly checkedOut?: string;
    readonly base?: string;
    readonly clone?: readonly string[];
    readonly passed?: readonly string[];
  } = {},
): Promise<{ base: string; head: string; label: string; notes: readonly string[] }> {
  const folder = clone(repository.root, ...(options.clone ?? []));
  if (options.checkedOut !== undefined) {
    execFileSync("git", ["fetch", "--quiet", "origin", options.checkedOut], { cwd: folder });
    execFileSync("git", ["checkout", "--quiet", "--detach", options.checkedOut], { cwd: folder });
  }
  const before = gitBytes(folder);
  const { base, head, notes } = await resolve({
    repository: folder,
    event,
    ...(options.base === undefined ? {} : { base: options.base }),
    passedCommits: () => Promise.resolve(new Set(options.passed)),
  });
  expect(gitBytes(folder), "the user's .git was changed").toBe(before);
  return { base: base.sha, head: head.sha, label: base.label, notes };
}

function pullRequest(baseSha: string, headSha: string, baseRef = "main"): RevisionEvent {
  return { kind: "pull_request", baseRef, baseSha, headSha, defaultBranch: "main" };
}

function push(before: string, headSha: string, ref: string): RevisionEvent {
  return { kind: "push", before, headSha, ref, defaultBranch: "main" };
}

/** main: m1 - m2; feature leaves at m1. */
function branched(): { repository: MadeUpRepository; m1: string; f1: string; m2: string } {
  const repository = new MadeUpRepository();
  const m1 = repository.commit("m1");
  repository.git("checkout", "--quiet", "-b", "feature");
  const f1 = repository.commit("f1", "feature");
  repository.git("checkout", "--quiet", "main");
  const m2 = repository.commit("m2");
  return { repository, m1, f1, m2 };
}

function merge(repository: MadeUpRepository, into: string, from: string): string {
  repository.git("checkout", "--quiet", into);
  repository.git("merge", "--quiet", "--no-ff", "--no-edit", from);
  return repository.git("rev-parse", "HEAD");
}

row("pull_request: the base branch went on", async () => {
  const { repository, m1, f1 } = branched();
  expect(await compared(repository, pullRequest(m1, f1))).toMatchObject({ base: m1, head: f1, notes: [] });
});

row("pull_request: the base branch was merged into the branch (update branch)", async () => {
  const { repository, m1, m2 } = branched();
  const head = merge(repository, "feature", "main");
  const found = await compared(repository, pullRequest(m1, head));
  expect(found).toMatchObject({ base: m2, label: "merge base of main" });
  expect(found.notes).toEqual([
    `head holds commits of main that are newer than ${m1.slice(0, 10)}, the tip that the event names: base is ${m2.slice(0, 10)}, the merge base with the present tip`,
  ]);
});

row("pull_request: run again days later, when the base branch holds more", async () => {
  const { repository, m1 } = branched();
  const head = merge(repository, "feature", "main");
  repository.git("checkout", "--quiet", "main");
  const m2 = repository.git("rev-parse", "main");
  for (let n = 0; n < 3; n++) repository.commit(`later ${n}`);
  expect(await compared(repository, pullRequest(m1, head))).toMatchObject({ base: m2 });
});

row("pull_request: retargeted to another base branch", async () => {
  const { repository, m1, f1, m2 } = branched();
  repository.git("checkout", "--quiet", "-b", "release", f1);
  const release = repository.commit("release", "release");
  repository.git("checkout", "--quiet", "-b", "change");
  const head = repository.commit("change", "change");
  const found = await compared(repository, pullRequest(m2, head, "release"));
  expect(found).toMatchObject({ base: release, label: "merge base of release" });
  expect(found.base).not.toBe(m1);
});

row("pull_request: stacked on another pull request's branch", async () => {
  const { repository, f1 } = branched();
  repository.git("checkout", "--quiet", "-b", "second", "feature");
  const head = repository.commit("second", "second");
  expect(await compared(repository, pullRequest(f1, head, "feature"))).toMatchObject({ base: f1, notes: [] });
});

row("pull_request: stacked on a branch that was rewritten since", async () => {
  const { repository, m1, f1 } = branched();
  repository.git("checkout", "--quiet", "-b", "second", "feature");
  const head = repository.commit("second", "second");
  repository.git("checkout", "--quiet", "feature");
  repository.git("commit", "--quiet", "--amend", "-m", "f1 again");
  const found = await compared(repository, pullRequest(f1, head, "feature"));
  expect(found.base).toBe(m1);
  expect(found.notes.join("\n")).toContain(
    "1 commit of the former feature in head is part of the difference",
  );
});

row("pull_request: refs/pull/N/merge is checked out", async () => {
  const { repository, m1, f1 } = branched();
  const update = merge(repository, "feature", "main");
  const later = (repository.git("checkout", "--quiet", "main"), repository.commit("m3"));
  repository.git("checkout", "--quiet", "--detach", "main");
  repository.git("merge", "--quiet", "--no-ff", "--no-edit", "feature");
  const merged = repository.git("rev-parse", "HEAD");
  repository.git("update-ref", "refs/pull/7/merge", merged);
  repository.git("checkout", "--quiet", "main");
  expect(f1).not.toBe(update);
  // The remote does not answer: the merge commit's first parent tells as much as its branch would.
  const folder = clone(repository.root, "--depth=1");
  execFileSync("git", ["fetch", "--quiet", "--unshallow", "origin", "refs/pull/7/merge"], { cwd: folder });
  execFileSync("git", ["checkout", "--quiet", "--detach", "FETCH_HEAD"], { cwd: folder });
  execFileSync("git", ["update-ref", "-d", "refs/remotes/origin/main"], { cwd: folder });
  execFileSync("git", ["remote", "set-url", "origin", "file:///nowhere"], { cwd: folder });
  const { base, notes } = await resolve({ repository: folder, event: pullRequest(m1, update) });
  expect(base.sha).toBe(repository.git("merge-base", later, update));
  expect(base.sha).not.toBe(m1);
  expect(notes.join("\n")).toContain("newer than");
});

row("pull_request: the present tip of the base branch cannot be had", async () => {
  const { repository, m1, f1 } = branched();
  const folder = clone(repository.root);
  for (const args of [
    ["checkout", "--quiet", "--detach", f1],
    ["remote", "set-url", "origin", "file:///nowhere"],
    ["update-ref", "-d", "refs/remotes/origin/main"],
  ]) {
    execFileSync("git", args, { cwd: folder });
  }
  const { base, notes } = await resolve({ repository: folder, event: pullRequest(m1, f1) });
  expect(base).toMatchObject({ sha: m1, label: "merge base of main as of the event" });
  expect(notes[0]).toMatch(/^the present tip of main cannot be had \(fatal: .*base rests on/);
});

row("pull_request: criss-cross merges leave several merge bases", async () => {
  const { repository } = branched();
  const f1 = repository.git("rev-parse", "feature");
  const m2 = repository.git("rev-parse", "main");
  const head = merge(repository, "feature", m2);
  const tip = merge(repository, "main", f1);
  const found = await compared(repository, pullRequest(tip, head));
  expect([f1, m2]).toContain(found.base);
  expect(found.notes.join("\n")).toContain("have 2 merge bases, as after criss-cross merges");
});

row("pull_request: a shallow clone", async () => {
  const { repository, m1, f1 } = branched();
  const found = await compared(repository, pullRequest(m1, f1), {
    clone: ["--depth=1", "--branch=feature"],
  });
  expect(found).toMatchObject({ base: m1, head: f1, notes: [] });
});

row("push: further commits of a branch", async () => {
  const { repository, m1, m2 } = branched();
  expect(await compared(repository, push(m1, m2, "refs/heads/main"))).toMatchObject({
    base: m1,
    label: "commit before the push",
    notes: [],
  });
});

row("push: the default branch was merged into the branch", async () => {
  const { repository, f1 } = branched();
  const head = merge(repository, "feature", "main");
  const found = await compared(repository, push(f1, head, "refs/heads/feature"));
  expect(found.base).toBe(f1);
  expect(found.notes).toEqual([
    "head holds 1 commit of main that base lacks; they are part of the difference although this change did not write them",
  ]);
});

row("push: a new branch", async () => {
  const { repository, m1, f1 } = branched();
  expect(await compared(repository, push(ZERO, f1, "refs/heads/feature"))).toMatchObject({
    base: m1,
    label: "merge base of main",
  });
});

row("push: forced after a rebase", async () => {
  const { repository, f1, m2 } = branched();
  repository.git("checkout", "--quiet", "feature");
  repository.git("branch", "kept", f1);
  repository.git("rebase", "--quiet", "main");
  const head = repository.git("rev-parse", "HEAD");
  const found = await compared(repository, push(f1, head, "refs/heads/feature"));
  expect(found).toMatchObject({ base: m2, label: "merge base of main" });
  expect(found.notes[0]).toBe(
    `the push was forced: head does not build on ${f1.slice(0, 10)}, the commit before it; base is the merge base of main`,
  );
});

row("push: forced on the default branch", async () => {
  const { repository, m1, m2 } = branched();
  repository.git("branch", "kept", m2);
  repository.git("reset", "--quiet", "--hard", m1);
  const head = repository.commit("m2 again");
  const found = await compared(repository, push(m2, head, "refs/heads/main"));
  expect(found).toMatchObject({ base: m1, label: "fork point of the force-push" });
});

row("push: forced, and the commit before is gone", async () => {
  const { repository, m1, f1 } = branched();
  const found = await compared(repository, push("1".repeat(40), f1, "refs/heads/feature"));
  expect(found.base).toBe(m1);
  expect(found.notes[0]).toContain("is gone, as after a force-push");
});

row("push: a tag", async () => {
  const { repository, m1 } = branched();
  repository.git("tag", "v1.0.0", m1);
  repository.git("tag", "--annotate", "-m", "second", "v1.1.0", "main");
  const annotated = repository.git("rev-parse", "refs/tags/v1.1.0");
  const found = await compared(repository, push(ZERO, annotated, "refs/tags/v1.1.0"));
  expect(found).toMatchObject({
    base: m1,
    head: repository.git("rev-parse", "main"),
    label: "tag v1.0.0, the nearest before it",
  });
});

row("push: the first tag", async () => {
  const { repository, m1, m2 } = branched();
  repository.git("tag", "v1.0.0", m2);
  const found = await compared(repository, push(ZERO, m2, "refs/tags/v1.0.0"));
  expect(found.base).toBe(m1);
  expect(found.notes[0]).toContain("no earlier tag");
});

row("merge_group: an entry of the merge queue", async () => {
  const { repository, m2 } = branched();
  const head = merge(repository, "main", "feature");
  const event: RevisionEvent = { kind: "merge_group", baseSha: m2, headSha: head };
  expect(await compared(repository, event)).toMatchObject({ base: m2, head, notes: [] });
});

row("merge_group: the queue's base is no ancestor of head", async () => {
  const { repository, m1, m2, f1 } = branched();
  const event: RevisionEvent = { kind: "merge_group", baseSha: m2, headSha: f1 };
  const found = await compared(repository, event);
  expect(found.base).toBe(m1);
  expect(found.notes[0]).toContain("head does not build on");
});

row("workflow_dispatch: on a branch", async () => {
  const { repository, m1, f1 } = branched();
  const event: RevisionEvent = { kind: "workflow_dispatch", defaultBranch: "main" };
  expect(await compared(repository, event, { checkedOut: f1 })).toMatchObject({ base: m1, head: f1 });
});

row("workflow_dispatch: on the default branch", async () => {
  const { repository, m1, m2 } = branched();
  const event: RevisionEvent = { kind: "workflow_dispatch", defaultBranch: "main" };
  expect(await compared(repository, event)).toMatchObject({ base: m1, head: m2, label: "parent of HEAD" });
});

row("schedule: on the default branch", async () => {
  const { repository, m1, m2 } = branched();
  const event: RevisionEvent = { kind: "schedule", defaultBranch: "main" };
  expect(await compared(repository, event)).toMatchObject({ base: m1, head: m2 });
});

row("any event: base is named", async () => {
  const { repository, m1, f1, m2 } = branched();
  const found = await compared(repository, pullRequest(m1, f1), { base: "main" });
  expect(found.base).toBe(m2);
  expect(found.notes).toEqual(["base has 1 commit that head does not hold; they are part of the difference"]);
});

/** main: r1 (v1.0.0) - r2 (v1.1.0, v1, v1.2.0-rc.1, nightly) - r3 - r4. */
function released(): { repository: MadeUpRepository; r: readonly string[] } {
  const repository = new MadeUpRepository();
  const r = ["r1", "r2", "r3", "r4"].map((name) => repository.commit(name));
  repository.git("tag", "v1.0.0", r[0]!);
  repository.git("tag", "--annotate", "-m", "second", "v1.1.0", r[1]!);
  for (const name of ["v1", "v1.2.0-rc.1", "nightly"]) repository.git("tag", name, r[2]!);
  return { repository, r };
}

const dispatched: RevisionEvent = { kind: "workflow_dispatch", defaultBranch: "main" };

row("any event: base is `last-release`", async () => {
  const { repository, r } = released();
  const found = await compared(repository, dispatched, { base: "last-release" });
  expect(found).toMatchObject({ base: r[1], head: r[3], label: "v1.1.0, the last release" });
  expect(found.notes).toEqual([
    `base is ${r[1]!.slice(0, 10)}, v1.1.0, the last release: the difference is of 2 commits`,
  ]);
});

row("any event: base is `last-release: v*`", async () => {
  const { repository, r } = released();
  expect(await compared(repository, dispatched, { base: "last-release: night*" })).toMatchObject({
    base: r[2],
    label: "nightly, the last release",
  });
});

row("any event: base is `last-release`, and head is a release itself", async () => {
  const { repository, r } = released();
  const event = push(ZERO, r[1]!, "refs/tags/v1.1.0");
  expect(await compared(repository, event, { base: "last-release" })).toMatchObject({
    base: r[0],
    head: r[1],
  });
});

row("any event: base is `last-release`, and the nearest version is no ancestor of head", async () => {
  const { repository, r } = released();
  repository.git("checkout", "--quiet", "-b", "maintenance", r[1]!);
  repository.commit("fix");
  repository.git("tag", "v1.1.1");
  repository.git("checkout", "--quiet", "main");
  expect(await compared(repository, dispatched, { base: "last-release" })).toMatchObject({ base: r[1] });
  const first = push(ZERO, r[0]!, "refs/heads/other");
  await expect(compared(repository, first, { base: "last-release" })).rejects.toThrow(
    `${r[0]!.slice(0, 10)} does not build on v`,
  );
});

row("any event: base is `last-release` in a shallow clone", async () => {
  const { repository, r } = released();
  expect(
    await compared(repository, dispatched, { base: "last-release", clone: ["--depth=1"] }),
  ).toMatchObject({
    base: r[1],
  });
});

test("a repository without tags, or without versions among them, has no last release", async () => {
  const { repository } = branched();
  const asked = (): Promise<unknown> => compared(repository, dispatched, { base: "last-release" });
  await expect(asked()).rejects.toMatchObject({
    code: "revision",
    message: expect.stringContaining("no tag is known here") as string,
  });
  repository.git("tag", "v1");
  await expect(asked()).rejects.toThrow("none of 1 tags looks like a version");
});

row("any event: base is `last-green`", async () => {
  const { repository, r } = released();
  const found = await compared(repository, dispatched, { base: "last-green", passed: [r[0]!, r[1]!, r[3]!] });
  expect(found).toMatchObject({ base: r[1], label: "the last stored pass" });
  const shallow = { base: "last-green", passed: [r[0]!], clone: ["--depth=1"] };
  expect(await compared(repository, dispatched, shallow)).toMatchObject({ base: r[0] });
  await expect(compared(repository, dispatched, { base: "last-green" })).rejects.toThrow(
    "no stored run has passed",
  );
  const elsewhere = { base: "last-green", passed: ["d".repeat(40)] };
  await expect(compared(repository, dispatched, elsewhere)).rejects.toThrow(
    "none of 1 stored passes is of a commit that",
  );
});

row("any event: base is `30 days ago`", async () => {
  const repository = new MadeUpRepository();
  const day = 86_400_000;
  const shas = [90, 40, 20, 1].map((days) => {
    const date = new Date(Date.now() - days * day).toISOString();
    execFileSync("git", ["commit", "--quiet", "--allow-empty", "-m", `${days}`], {
      cwd: repository.root,
      env: { ...process.env, GIT_COMMITTER_DATE: date, GIT_AUTHOR_DATE: date },
    });
    return repository.git("rev-parse", "HEAD");
  });
  const base = async (words: string): Promise<string> =>
    (await compared(repository, dispatched, { base: words, clone: ["--depth=1"] })).base;
  expect(await base("30 days ago")).toBe(shas[1]);
  expect(await base("2 weeks ago")).toBe(shas[2]);
  await expect(base("1 year ago")).rejects.toThrow("builds on no commit that is older than 1 year");
});

test("every row of the page has its test here", () => {
  const page = readFileSync(join(import.meta.dirname, "../../docs/which-commits.md"), "utf8");
  const rows = [...page.matchAll(/^\| `(\S+)` +\| ([^|]+?) +\|/gm)].map(([, event, situation]) =>
    event === "(any)" ? `any event: ${situation!}` : `${event!}: ${situation!}`,
  );
  expect(rows.toSorted()).toEqual(tested.toSorted());
});
