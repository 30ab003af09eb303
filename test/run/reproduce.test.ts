import { execFileSync } from "node:child_process";
import { expect, test } from "vitest";
import { checkInputs, type RawInputs } from "../../src/config/inputs.js";
import { DEFAULT_EXPERIMENT } from "../../src/config/defaults.js";
import { reproduceCommand } from "../../src/run/reproduce-command.js";

const sha = (digit: string): string => digit.repeat(40);
const REVISIONS = {
  base: { sha: sha("a"), label: "merge base of main", dirty: false },
  head: { sha: sha("b"), label: "HEAD", dirty: false },
  notes: [],
  between: [],
};

function commandFor(raw: RawInputs, revisions: typeof REVISIONS | null = REVISIONS, subfolder = ""): string {
  const inputs = checkInputs(raw, "input");
  return reproduceCommand({ inputs }, { experiment: DEFAULT_EXPERIMENT }, revisions, subfolder);
}

/** The words that a shell would give to `tailgate`. */
function wordsOf(command: string): string[] {
  const script = `cd() { :; }; tailgate() { printf '%s\\0' "$@"; }; ${command}`;
  return execFileSync("/bin/sh", ["-c", script], { encoding: "utf8" }).split("\0").slice(0, -1);
}

test("the command names both commits in full, the budget and the seed", () => {
  expect(commandFor({})).toBe(`tailgate run --base ${sha("a")} --head ${sha("b")} --budget 300s --seed 1`);
});

test("an uncommitted head is repeated as the work tree", () => {
  const dirty = { ...REVISIONS, head: { ...REVISIONS.head, dirty: true } };
  expect(commandFor({}, dirty)).toContain("--head . ");
});

test("the command for whole stacks names no commits", () => {
  expect(commandFor({ config: "stacks.yml" }, null)).toBe(
    "tailgate run --config stacks.yml --budget 300s --seed 1",
  );
});

test("the command enters a folder of a monorepo, and leaves it again", () => {
  expect(commandFor({}, REVISIONS, "services/users api")).toMatch(
    /^\(cd 'services\/users api' && tailgate run .*\)$/,
  );
});

test("inputs come through a shell as they are", () => {
  const start = `node server.js --name "it's $HOME" > /dev/null; echo \`id\`\n& true`;
  const words = wordsOf(commandFor({ start, build: "npm ci && npm run build", path: "/a?b='c'&d=$(id)" }));
  expect(words[words.indexOf("--start") + 1]).toBe(start);
  expect(words[words.indexOf("--build") + 1]).toBe("npm ci && npm run build");
  expect(words[words.indexOf("--path") + 1]).toBe("/a?b='c'&d=$(id)");
});
