import { execFileSync } from "node:child_process";
import { describe, expect, test } from "vitest";

import { TailgateError } from "../../src/error.js";
import type { RevisionEvent } from "../../src/git/revision-event.js";
import { refuseReference } from "../../src/git/reference.js";
import { clone, fingerprint, MadeUpRepository, resolve, type Asked } from "./repositories.js";
import { temporaryFolder } from "../parts/temporary-folder.js";

const ZERO = "0".repeat(40);

/** main: one - two - three; feature leaves at two. */
function forked(): {
  repository: MadeUpRepository;
  one: string;
  two: string;
  three: string;
  feature: string;
} {
  const repository = new MadeUpRepository();
  const one = repository.commit("one");
  const two = repository.commit("two");
  repository.git("checkout", "--quiet", "-b", "feature");
  repository.commit("feature 1", "other");
  const feature = repository.commit("feature 2", "other");
  repository.git("checkout", "--quiet", "main");
  const three = repository.commit("three");
  return { repository, one, two, three, feature };
}

function pullRequest(baseSha: string, headSha: string): RevisionEvent {
  return { kind: "pull_request", baseRef: "main", baseSha, headSha, defaultBranch: "main" };
}

function push(before: string, headSha: string, branch = "main"): RevisionEvent {
  return { kind: "push", before, headSha, ref: `refs/heads/${branch}`, defaultBranch: "main" };
}

async function shasOf(options: Asked): Promise<[string, string]> {
  const { base, head } = await resolve(options);
  return [base.sha, head.sha];
}

async function refusalOf(options: Asked): Promise<TailgateError> {
  const error: unknown = await resolve(options).then(
    () => null,
    (reason: unknown) => reason,
  );
  expect(error).toBeInstanceOf(TailgateError);
  expect((error as TailgateError).code).toBe("revision");
  return error as TailgateError;
}

describe("base comes from the event:", () => {
  test("the base of a pull request is the merge base with its base branch, not the tip", async () => {
    const { repository, two, three, feature } = forked();
    const event = pullRequest(three, feature);
    const resolved = await resolve({ repository: repository.root, event });
    expect(resolved.base).toEqual({ sha: two, label: "merge base of main as of the event", dirty: false });
    expect(resolved.head).toEqual({ sha: feature, label: "head of the pull request", dirty: false });
  });

  test("the tip of the base branch is base on request, and the report says what that brings in", async () => {
    const { repository, three, feature } = forked();
    const event = pullRequest(three, feature);
    const resolved = await resolve({ repository: repository.root, event, base: "main" });
    expect(resolved.base.sha).toBe(three);
    expect(resolved.notes).toEqual([
      "base has 1 commit that head does not hold; they are part of the difference",
    ]);
  });

  test("the base of a push is the commit before it, however many commits it brought", async () => {
    const { repository, one, three } = forked();
    const event = push(one, three);
    expect(await shasOf({ repository: repository.root, event })).toEqual([one, three]);
  });

  test("the base of a new branch is where it left the default branch", async () => {
    const { repository, two, feature } = forked();
    const event = push(ZERO, feature, "feature");
    expect(await shasOf({ repository: repository.root, event })).toEqual([two, feature]);
  });

  test("the base of a force push whose commit before is gone is the parent, and a note says so", async () => {
    const { repository, two, three } = forked();
    const event = push("1".repeat(40), three);
    const resolved = await resolve({ repository: repository.root, event });
    expect(resolved.base.sha).toBe(two);
    expect(resolved.notes[0]).toContain("force-push");
  });

  test("a deleted branch has nothing to measure", async () => {
    const { repository, three } = forked();
    const event = push(three, ZERO);
    expect((await refusalOf({ repository: repository.root, event })).message).toContain("deleted its branch");
  });

  test("the base of a merge queue is what the queue says", async () => {
    const { repository, one, three } = forked();
    const event: RevisionEvent = { kind: "merge_group", baseSha: one, headSha: three };
    expect(await shasOf({ repository: repository.root, event })).toEqual([one, three]);
  });

  test.each(["schedule", "workflow_dispatch"] as const)(
    "the base of a %s run is the parent of what is checked out",
    async (kind) => {
      const { repository, two, three } = forked();
      expect(await shasOf({ repository: repository.root, event: { kind, defaultBranch: "main" } })).toEqual([
        two,
        three,
      ]);
    },
  );

  test("the parent of a merge commit is its first parent", async () => {
    const { repository, three } = forked();
    repository.git("merge", "--quiet", "--no-edit", "feature");
    const head = repository.git("rev-parse", "HEAD");
    expect(
      await shasOf({ repository: repository.root, event: { kind: "schedule", defaultBranch: null } }),
    ).toEqual([three, head]);
  });
});

describe("on a developer's machine", () => {
  const event: RevisionEvent = { kind: "local" };

  test("a branch is compared with where it left main", async () => {
    const { repository, two, feature } = forked();
    repository.git("checkout", "--quiet", "feature");
    expect(await shasOf({ repository: repository.root, event })).toEqual([two, feature]);
  });

  test("main is compared with its last commit but one", async () => {
    const { repository, two, three } = forked();
    expect(await shasOf({ repository: repository.root, event })).toEqual([two, three]);
  });

  test("uncommitted changes on main are compared with main itself", async () => {
    const { repository, three } = forked();
    repository.write("file", "changed");
    const before = fingerprint(repository.root);
    const { base, head } = await resolve({ repository: repository.root, event, head: "." });
    expect(base.sha).toBe(three);
    expect(head).toEqual({ sha: three, label: "work tree", dirty: true });
    expect(fingerprint(repository.root)).toBe(before);
  });

  test("a clean work tree is the same as its commit", async () => {
    const { repository, two, three } = forked();
    const { base, head } = await resolve({ repository: repository.root, event, head: "." });
    expect([base.sha, head.sha, head.dirty]).toEqual([two, three, false]);
  });

  test("the remote's default branch counts, whatever it is called", async () => {
    const { repository, two, feature } = forked();
    repository.git("branch", "-m", "main", "trunk");
    const folder = clone(repository.root);
    execFileSync("git", ["checkout", "--quiet", "feature"], { cwd: folder });
    expect(await shasOf({ repository: folder, event })).toEqual([two, feature]);
  });

  test("a subfolder gives the same revisions as the root", async () => {
    const { repository, two, three } = forked();
    repository.write("services/api/x", "");
    expect(await shasOf({ repository: `${repository.root}/services/api`, event })).toEqual([two, three]);
  });
});

describe("base equals head", () => {
  test("base and head of one commit are refused when nobody asked for that", async () => {
    const { repository, three } = forked();
    const event: RevisionEvent = { kind: "merge_group", baseSha: three, headSha: three };
    const error = await refusalOf({ repository: repository.root, event });
    expect(error.message).toContain("are the same commit");
    expect(error.hint).toContain("name it twice");
  });

  test("base and head of one commit are allowed when both are named, and a note says what that shows", async () => {
    const { repository, three } = forked();
    const options = {
      repository: repository.root,
      event: { kind: "local" } as const,
      base: "main",
      head: three,
    };
    const { base, head, notes } = await resolve(options);
    expect(base.sha).toBe(head.sha);
    expect(notes).toEqual(["base and head are the same commit: what differs is this machine's noise"]);
  });
});

describe("a shallow clone", () => {
  test("a shallow clone is deepened until the merge base is there", async () => {
    const repository = new MadeUpRepository();
    const base = repository.commit("base");
    repository.git("checkout", "--quiet", "-b", "feature");
    for (let n = 0; n < 60; n++) repository.commit(`feature ${n}`, "other");
    const headSha = repository.git("rev-parse", "HEAD");
    repository.git("checkout", "--quiet", "main");
    for (let n = 0; n < 60; n++) repository.commit(`main ${n}`);
    const baseSha = repository.git("rev-parse", "HEAD");
    const folder = clone(repository.root, "--depth=1", "--branch=feature");
    const event = pullRequest(baseSha, headSha);
    expect(await shasOf({ repository: folder, event })).toEqual([base, headSha]);
  });

  test("a shallow clone gets the parent that it lacks", async () => {
    const { repository, two, three } = forked();
    const folder = clone(repository.root, "--depth=1");
    expect(await shasOf({ repository: folder, event: { kind: "schedule", defaultBranch: null } })).toEqual([
      two,
      three,
    ]);
  });

  test("a shallow clone gets a branch that it has never fetched", async () => {
    const { repository, three, feature } = forked();
    const folder = clone(repository.root, "--depth=1", "--single-branch");
    const options = { repository: folder, event: { kind: "local" } as const, base: "main", head: "feature" };
    expect(await shasOf(options)).toEqual([three, feature]);
  });

  test("a shallow clone whose remote is gone is an error that says to set fetch-depth", async () => {
    const { repository, three, feature } = forked();
    const folder = clone(repository.root, "--depth=1");
    execFileSync("git", ["remote", "set-url", "origin", "file:///nowhere"], { cwd: folder });
    const event = pullRequest(three, feature);
    expect((await refusalOf({ repository: folder, event })).hint).toContain("fetch-depth: 0");
    const parent = await refusalOf({ repository: folder, event: { kind: "schedule", defaultBranch: null } });
    expect(parent.message).toMatch(
      /the parent of .* is missing: the clone is shallow and could not be deepened/,
    );
    expect(parent.hint).toContain("fetch-depth: 0");
  });
});

describe("names of commits", () => {
  test.each([
    ["--upload-pack=sh", "begins with a dash"],
    ["-h", "begins with a dash"],
    ["main\nrm", "control character"],
    ["a\u0000b", "control character"],
    ["", "is empty"],
    ["x".repeat(2000), "longer than"],
  ])("%j is refused as the name of a commit", async (name, reason) => {
    expect(refuseReference(name)).toContain(reason);
    const { repository } = forked();
    const error = await refusalOf({ repository: repository.root, event: { kind: "local" }, base: name });
    expect(error.message).toContain("cannot name a commit");
  });

  test.each(["$(id)", "`id`", "🐢-lent", "a;b", "fix/x&y|z"])("a branch may be called %j", async (name) => {
    const { repository, three } = forked();
    repository.git("update-ref", `refs/heads/${name}`, three);
    repository.git("checkout", "--quiet", "feature");
    const { base } = await resolve({
      repository: repository.root,
      event: { kind: "local" },
      base: name,
    });
    expect(base.sha).toBe(three);
  });

  test("a commit that is nowhere is an error that names it", async () => {
    const { repository } = forked();
    const error = await refusalOf({
      repository: repository.root,
      event: { kind: "local" },
      base: "no-such-branch",
    });
    expect(error.message).toContain('"no-such-branch" is no commit of this repository');
  });
});

describe("where there is nothing to compare", () => {
  test("a folder in no repository is refused with both ways out", async () => {
    const error = await refusalOf({ repository: temporaryFolder(), event: { kind: "local" } });
    expect(error.message).toContain("is not in a git repository");
    expect(error.hint).toMatch(/actions\/checkout.*arms:/);
  });

  test("a bare repository is refused", async () => {
    const { repository } = forked();
    const bare = clone(repository.root, "--bare");
    expect((await refusalOf({ repository: bare, event: { kind: "local" } })).message).toContain(
      "is a bare repository",
    );
  });

  test("a repository without a commit is refused", async () => {
    const empty = new MadeUpRepository();
    expect((await refusalOf({ repository: empty.root, event: { kind: "local" } })).message).toContain(
      "no commit yet",
    );
  });

  test("a first commit has nothing before it", async () => {
    const repository = new MadeUpRepository();
    repository.commit("one");
    const error = await refusalOf({ repository: repository.root, event: { kind: "local" } });
    expect(error.message).toContain("is the first commit");
  });

  test("a machine without git is told to install it", async () => {
    const { repository } = forked();
    const path = process.env["PATH"];
    process.env["PATH"] = "/nowhere";
    try {
      const error = await refusalOf({ repository: repository.root, event: { kind: "local" } });
      expect(error.message).toContain("git could not be run");
      expect(error.hint).toContain("Install git");
    } finally {
      process.env["PATH"] = path;
    }
  });
});

test("the variables of a git that runs us do not reach ours", async () => {
  const { repository, two, three } = forked();
  const other = new MadeUpRepository();
  other.commit("elsewhere");
  process.env["GIT_DIR"] = `${other.root}/.git`;
  try {
    expect(await shasOf({ repository: repository.root, event: { kind: "local" } })).toEqual([two, three]);
  } finally {
    delete process.env["GIT_DIR"];
  }
});
