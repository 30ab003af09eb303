import { execFileSync } from "node:child_process";
import { createHash } from "node:crypto";
import { mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import * as checkouts from "../../src/git/checkout.js";
import { openRepository } from "../../src/git/repository.js";
import {
  resolveRevisions,
  type ResolvedRevisions,
  type ResolveOptions,
} from "../../src/git/resolve-revisions.js";
import type { Checkout, Revision } from "../../src/git/revision.js";
import { makeSharedClone } from "../../src/git/clone-of-objects.js";
import { temporaryFolder } from "../parts/temporary-folder.js";

/** A repository to make history in. */
export class MadeUpRepository {
  constructor(readonly root: string = temporaryFolder()) {
    this.git("init", "--quiet", "--initial-branch=main");
    this.git("config", "user.name", "a");
    this.git("config", "user.email", "a@example.com");
    // What GitHub allows: fetching any commit by its sha.
    this.git("config", "uploadpack.allowAnySHA1InWant", "true");
    this.git("config", "protocol.file.allow", "always");
  }

  git(...args: string[]): string {
    return execFileSync("git", args, {
      cwd: this.root,
      encoding: "utf8",
      stdio: ["ignore", "pipe", "pipe"],
    }).trim();
  }

  write(path: string, content: string): void {
    mkdirSync(dirname(join(this.root, path)), { recursive: true });
    writeFileSync(join(this.root, path), content);
  }

  /** Commits one file and gives the commit's sha. */
  commit(content: string, path = "file"): string {
    this.write(path, content);
    this.git("add", "--all");
    this.git("commit", "--quiet", "--allow-empty", "-m", content.slice(0, 20));
    return this.git("rev-parse", "HEAD");
  }

  /**
   * Makes a history of empty commits at once.
   *
   * @param parents of each commit, by their places before it in the list
   * @param branches name -> place of its commit
   */
  importCommits(parents: readonly (readonly number[])[], branches: Readonly<Record<string, number>>): void {
    const commits = parents.map((of, place) => {
      const [first, ...merged] = of.map((parent) => `:${parent + 1}`);
      const message = `commit ${place}`;
      return [
        `commit refs/heads/commit-${place}\nmark :${place + 1}`,
        `committer a <a@example.com> ${1_700_000_000 + place} +0000\ndata ${message.length}\n${message}`,
        ...(first === undefined ? [] : [`from ${first}`]),
        ...merged.map((parent) => `merge ${parent}`),
        "",
      ].join("\n");
    });
    const resets = Object.entries(branches).map(
      ([name, place]) => `reset refs/heads/${name}\nfrom :${place + 1}\n`,
    );
    const forgotten = parents.map((_, place) => `reset refs/heads/commit-${place}\nfrom ${"0".repeat(40)}\n`);
    execFileSync("git", ["fast-import", "--quiet"], {
      cwd: this.root,
      input: [...commits, ...resets, ...forgotten].join("\n"),
    });
  }
}

/** Clones over the protocol that a real remote speaks, so that depth is heeded. */
export function clone(from: string, ...options: string[]): string {
  const folder = join(temporaryFolder(), "clone");
  execFileSync("git", ["clone", "--quiet", ...options, `file://${from}`, folder], { stdio: "ignore" });
  return folder;
}

/** Everything in a work tree and its .git but the objects: what must not be touched. */
export function fingerprint(root: string): string {
  const hash = createHash("sha256");
  const walk = (folder: string): void => {
    for (const name of readdirSync(folder).sort()) {
      const path = join(folder, name);
      if (folder === root && name === ".git") continue;
      const stats = statSync(path);
      hash.update(`${path}:${stats.mode}:${stats.mtimeMs}\n`);
      if (stats.isDirectory()) walk(path);
      else hash.update(readFileSync(path));
    }
  };
  walk(root);
  hash.update(gitBytes(root));
  return hash.digest("hex");
}

/** A question about commits of the repository that a folder belongs to. */
export interface Asked extends Omit<ResolveOptions, "repository" | "clone"> {
  readonly repository: string;
}

/** The two commits, asked through a shared clone that is deleted after the test. */
export async function resolve({ repository, ...asked }: Asked): Promise<ResolvedRevisions> {
  const opened = await openRepository(repository);
  const shared = await makeSharedClone(opened, join(temporaryFolder(), "shared"));
  return resolveRevisions({ repository: opened, clone: shared, ...asked });
}

/** Every byte that a user's .git holds but its objects: nothing of ours may change any. */
export function gitBytes(root: string): string {
  const hash = createHash("sha256");
  const walk = (folder: string): void => {
    for (const name of readdirSync(folder).sort()) {
      const path = join(folder, name);
      if (statSync(path).isDirectory()) {
        hash.update(`${path}/\n`);
        if (!/\/\.git\/(?:modules\/.*\/)?objects$/.test(path)) walk(path);
      } else {
        hash.update(`${path}\n`).update(readFileSync(path));
      }
    }
  };
  walk(join(root, ".git"));
  return hash.digest("hex");
}

/** A checkout of a revision, made through a shared clone that is deleted after the test. */
export async function checkout(
  repository: string,
  revision: Revision,
  options: { readonly folder: string },
): Promise<Checkout> {
  const opened = await openRepository(repository);
  const shared = await makeSharedClone(opened, join(temporaryFolder(), "shared"));
  return checkouts.checkout(opened, shared, revision, options);
}
