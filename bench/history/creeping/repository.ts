import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { parse, stringify } from "yaml";
import { copyExample } from "../../stacks/copy-example.js";
import { reproducibleGit } from "../../stacks/repository.js";
import { exampleOf, stacksNamed } from "../../stacks/stack.js";

export const MERGES = 50;
export const MERGES_A_WEEK = 5;
export const RELEASE = "v1.0.0";

/**
 * Users that each merge hashes more. With them merge 50 took 25.7 % more CPU per request than the release [23.1 %, 28.3 %], and 25.6 %
 * [22.8 %, 28.4 %] in a second run: 0.46 % with each merge. 12 would be 0.4 %.
 */
const USERS_A_MERGE = 14;
/** Tells a repository that was made by other rules. */
const SUBJECT = `The release; each merge hashes ${USERS_A_MERGE} users more`;

/** The Fastify example in a repository that gets slower a little with each merge. */
export interface CreepingRepository {
  readonly folder: string;
  /** From the release to the last merge: `MERGES` + 1 of them. */
  readonly commits: readonly string[];
}

/** Makes the repository, or finds the one that was made before: the same files give the same commits. */
export function creepingRepository(folder: string): CreepingRepository {
  const git = reproducibleGit(folder);
  if (!isComplete(folder, git)) {
    rmSync(folder, { recursive: true, force: true });
    mkdirSync(folder, { recursive: true });
    git("init", "--quiet", "--initial-branch=main");
    copyExample(exampleOf(stacksNamed(["fastify"])[0]!), folder);
    keepHistory(join(folder, "tailgate.yml"));
    const released = readFileSync(join(folder, "server.js"), "utf8");
    for (let merge = 0; merge <= MERGES; merge++) {
      writeFileSync(join(folder, "server.js"), hashing(released, merge * USERS_A_MERGE));
      git("add", "--all");
      git("commit", "--quiet", "--message", merge === 0 ? SUBJECT : `Merge ${merge}`);
    }
    git("tag", RELEASE, `HEAD~${MERGES}`);
  }
  return { folder, commits: git("rev-list", "--reverse", "main").split("\n") };
}

/** The tag is the last thing that is made. */
function isComplete(folder: string, git: ReturnType<typeof reproducibleGit>): boolean {
  return (
    existsSync(join(folder, ".git", "refs", "tags", RELEASE)) &&
    git("log", "-1", "--format=%s", RELEASE) === SUBJECT
  );
}

function keepHistory(file: string): void {
  writeFileSync(file, stringify({ ...(parse(readFileSync(file, "utf8")) as object), history: true }));
}

/** The service with an entity tag over so many users; the release hashes none, but makes the tag as all others do. */
function hashing(server: string, users: number): string {
  const replaced = `import { createHash } from "node:crypto";\n${server}`
    .replace('app.get("/", async () => {', 'app.get("/", async (request, reply) => {')
    .replace(
      "  return rows;",
      `  const digest = createHash("sha256");
  for (let user = 0; user < ${users}; user++) {
    const { user_id, email } = rows[user % rows.length];
    digest.update(user_id).update(email);
  }
  reply.header("etag", \`"\${digest.digest("hex")}"\`);
  return rows;`,
    );
  if (!replaced.includes("request, reply") || !replaced.includes("digest.update")) {
    throw new Error("examples/fastify/server.js has changed: its handler is not where the merges change it");
  }
  return replaced;
}
