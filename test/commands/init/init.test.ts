import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { type InitOptions, initCommand } from "../../../src/commands/init/init.js";
import { makeRepository, type Repository } from "../../e2e/parts/repository.js";
import { REPOSITORIES, type Files } from "../../init/repositories.js";

const CONFIG = ".github/tailgate.yml";
const WORKFLOW = ".github/workflows/tailgate.yml";

let repository: Repository;
let said: string;
let asked: string[];

beforeEach(() => {
  repository = makeRepository();
  said = "";
  asked = [];
});
afterEach(() => {
  repository.remove();
});

function put(files: Files, folder = repository.folder): void {
  for (const [path, content] of Object.entries(files)) {
    mkdirSync(dirname(join(folder, path)), { recursive: true });
    writeFileSync(join(folder, path), content);
  }
}

/** Runs it; `answers` is a person's, `null` nobody's. */
function init(
  options: Partial<InitOptions>,
  answers: readonly string[] | null = null,
  folder = repository.folder,
): Promise<number> {
  const left = [...(answers ?? [])];
  const ask = (question: string): Promise<string> => {
    asked.push(question);
    return Promise.resolve(left.shift() ?? "");
  };
  return initCommand(
    { action: "OWNER/tailgate@v1", forks: false, release: false, yes: false, ...options },
    folder,
    {
      stderr: { write: (text: string) => (said += text) },
      ask: answers === null ? null : ask,
      environment: {},
    },
  );
}

const read = (path: string): string => readFileSync(join(repository.folder, path), "utf8");

test("tailgate init says what it guessed and what it writes", async () => {
  put(REPOSITORIES.EXPRESS_TYPESCRIPT);
  expect(await init({ yes: true })).toBe(0);
  await expect(said).toMatchFileSnapshot("golden/express.txt");
});

test("init --yes writes what is new, and a second time finds everything in place", async () => {
  put(REPOSITORIES.FASTIFY_DOCS);
  expect(await init({ yes: true })).toBe(0);
  expect(read(CONFIG)).toContain("start: node server.js");
  expect(read(WORKFLOW)).toContain("uses: OWNER/tailgate@v1");
  said = "";
  expect(await init({ yes: true })).toBe(0);
  expect(said).toContain("Nothing to write");
});

test("init --yes keeps a file that is there already, and says so", async () => {
  put({ ...REPOSITORIES.FASTIFY_DOCS, "tailgate.yml": "service: { start: mine }\n" });
  expect(await init({ yes: true })).toBe(0);
  expect(read("tailgate.yml")).toBe("service: { start: mine }\n");
  expect(existsSync(join(repository.folder, CONFIG))).toBe(false);
  expect(said).toContain("-service: { start: mine }");
  expect(said).toContain("Kept tailgate.yml");
  expect(said).toContain(`Wrote ${WORKFLOW}`);
});

describe("a person is asked about each file", () => {
  test("a file is not written when a person says no", async () => {
    put(REPOSITORIES.FASTIFY_DOCS);
    expect(await init({}, ["n", "n"])).toBe(0);
    expect(asked).toEqual([`Write ${CONFIG}? [Y/n] `, `Write ${WORKFLOW}? [Y/n] `]);
    expect(existsSync(join(repository.folder, ".github"))).toBe(false);
    expect(said).toContain("Nothing was written.");
  });

  test("a file that is there is overwritten only when a person says yes", async () => {
    put({ ...REPOSITORIES.FASTIFY_DOCS, [CONFIG]: "service: { start: mine }\n" });
    await init({}, ["", "n"]);
    expect(asked[0]).toBe(`Overwrite ${CONFIG}? [y/N] `);
    expect(read(CONFIG)).toBe("service: { start: mine }\n");
    await init({}, ["y", "n"]);
    expect(read(CONFIG)).toContain("start: node server.js");
  });

  test("a person is asked for the start command where nothing gives it", async () => {
    put(REPOSITORIES.NOTHING);
    expect(await init({}, ["./serve --port {port}", "", ""])).toBe(0);
    expect(asked[0]).toBe("Which command starts the service? ");
    expect(read(CONFIG)).toContain("start: ./serve --port {port} # as you said");
  });
});

test("init without a terminal shows what it would write, writes nothing, and names --yes", async () => {
  put(REPOSITORIES.FASTIFY_DOCS);
  await expect(init({})).rejects.toThrow(
    expect.objectContaining({ code: "config", hint: expect.stringContaining("--yes") as string }) as Error,
  );
  expect(said).toContain("+  start: node server.js");
  expect(existsSync(join(repository.folder, ".github"))).toBe(false);
});

test("a script is told to name the start command where nothing gives it", async () => {
  put(REPOSITORIES.NOTHING);
  await expect(init({ yes: true })).rejects.toThrow(
    expect.objectContaining({ hint: expect.stringContaining("--start") as string }) as Error,
  );
  expect(existsSync(join(repository.folder, ".github"))).toBe(false);
  expect(await init({ yes: true, start: "./serve", path: "/x" })).toBe(0);
  expect(read(CONFIG)).toContain("- path: /x");
});

test("in a monorepo the configuration lies beside the service, and the workflow at the root", async () => {
  put(REPOSITORIES.AXUM, join(repository.folder, "services/users api"));
  put(REPOSITORIES.FASTIFY_DOCS);
  expect(await init({ yes: true }, null, join(repository.folder, "services/users api"))).toBe(0);
  expect(read("services/users api/tailgate.yml")).toContain("target/release/users-api");
  expect(read(".github/workflows/tailgate-users-api.yml")).toContain("working-directory: services/users api");
});

test("init --forks writes two workflows, and the one that measures may not write", async () => {
  put(REPOSITORIES.AXUM);
  await init({ yes: true, forks: true });
  expect(read(WORKFLOW)).toContain("mode: measure");
  expect(read(WORKFLOW)).not.toContain("write #");
  expect(read(".github/workflows/tailgate-report.yml")).toContain("mode: report");
});

test("init --release adds a workflow against the last release, whose issue is written by a job that runs nobody's code", async () => {
  put(REPOSITORIES.AXUM);
  await init({ yes: true, release: true });
  const [measure, issue] = read(".github/workflows/tailgate-release.yml").split("  issue:\n");
  expect(measure).toContain("base: last-release");
  expect(measure).not.toMatch(/write/);
  expect(issue).toContain("issues: write");
  expect(issue).not.toMatch(/checkout|run:/);
  expect(read(WORKFLOW)).toContain("pull-requests: write");
});

test("init outside of a git repository writes too, and says what is missing", async () => {
  const folder = mkdtempSync(join(tmpdir(), "init-plain-"));
  try {
    put(REPOSITORIES.GO, folder);
    expect(await init({ yes: true }, null, folder)).toBe(0);
    expect(said).toContain("in no git repository");
    expect(existsSync(join(folder, CONFIG))).toBe(true);
  } finally {
    rmSync(folder, { recursive: true });
  }
});

test("a link that leads out of the repository is not written through", async () => {
  const outside = mkdtempSync(join(tmpdir(), "init-outside-"));
  try {
    put(REPOSITORIES.AXUM);
    symlinkSync(outside, join(repository.folder, ".github"));
    await expect(init({ yes: true })).rejects.toThrow(/leads out of the repository/);
    expect(existsSync(join(outside, "tailgate.yml"))).toBe(false);
  } finally {
    rmSync(outside, { recursive: true });
  }
});

test("a program without an extension is read, in the language of its first line", async () => {
  put({
    "package.json": '{ "scripts": { "start": "node bin/www" } }',
    "bin/www": "#!/usr/bin/env node\nrequire('http').createServer().listen(process.env.PORT);\n",
  });
  expect(await init({ yes: true })).toBe(0);
  expect(said).toMatch(/port +any free one +bin\/www:2 reads PORT/);
});

test("files that git would not commit are named, with what adds them", async () => {
  put({ ...REPOSITORIES.FASTIFY_DOCS, ".gitignore": ".*\n" });
  expect(await init({ yes: true })).toBe(0);
  expect(said).toMatch(
    /Git ignores \.github\/tailgate\.yml and \.github\/workflows\/tailgate\.yml here: git add -f adds/,
  );
});

test("ignored files, links and what is too large tell nothing", async () => {
  put({
    "package.json": "{}",
    ".gitignore": "secret/\n",
    "secret/server.js": "app.listen(1)",
    "large.js": `app.listen(2)${" ".repeat(300_000)}`,
  });
  symlinkSync("/etc/hostname", join(repository.folder, "server.js"));
  await expect(init({ yes: true })).rejects.toThrow(/Nothing here says/);
});

test("names that were made to confuse reach neither the terminal nor the workflow", async () => {
  put(REPOSITORIES.HOSTILE);
  expect(await init({ yes: true })).toBe(0);
  expect(said).not.toContain("\u202e");
  expect(read(WORKFLOW)).not.toContain("secrets.TOKEN");
});

test.each(["tailgate", "OWNER/tailgate@v1\n  evil: 1", "a/b@${{ x }}"])(
  "the action %j is refused",
  async (action) => {
    put(REPOSITORIES.AXUM);
    await expect(init({ yes: true, action })).rejects.toThrow(/--action/);
  },
);
