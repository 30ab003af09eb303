import { readFileSync } from "node:fs";
import { join } from "node:path";
import { parseResultText } from "../../src/model/parse-result.js";
import type { Result } from "../../src/model/result.js";
import { PROJECT_ROOT } from "../stacks/project-root.js";

/* Sound documents of every kind, from which hostile ones are made. */

let read: Result | null = null;

/** A run as it was recorded, with fewer blocks, so that a thousand of them are reported in minutes. */
export function recordedRun(): Result {
  if (read === null) {
    const path = join(PROJECT_ROOT, "test", "reporters", "fixtures", "recorded-run.json");
    const whole = parseResultText(readFileSync(path, "utf8"));
    read = { ...whole, blocks: whole.blocks.slice(0, 8) };
  }
  return read;
}

/** The examples' files, and one with every kind of key. */
export function configurations(): string[] {
  const examples = ["fastify", "axum", "fastapi"].map((name) =>
    readFileSync(join(PROJECT_ROOT, "examples", name, "tailgate.yml"), "utf8"),
  );
  return [...examples, EVERY_KIND];
}

const EVERY_KIND = `service: &s
  build: npm ci
  start: node server.js
  env: { LOG_LEVEL: warn, PORT_OF_IT: "{port}" }
  ready: { path: /health, timeout: 60s }
load: { connections: 10, connection: keep-alive, rate: auto, requests: 1000, warmup: 500, timeout: 5s }
scenarios:
  - name: list users
    request: { method: GET, path: /users, headers: { accept: application/json }, body: null }
    expect: { status: 200, contains: users, bytes: { min: 1, max: 1000 } }
    gates: { p99: 25% }
  - requests: [{ path: /users, capture: { id: { json: "0.id" } } }, { path: "/users/{id}" }]
gates:
  p50: 5%
  p95: { limit: 7.5%, floor: 0.1ms, proof: true }
  memory: { limit: 5%, floor: 2MiB }
  errors: 0.1pp
  cpu: off
accept:
  - { scenario: list users, metric: p50, limit: 30%, reason: adds audit, until: 2026-12-31 }
experiment: { budget: 5m, alpha: 1%, seed: 1, control: false, strict: false }
report: { comment: always, key: api }
`;

/** Of twelve blocks, with some noise. */
export function observations(random: () => number): object {
  const values = (factor: number): number[] =>
    Array.from({ length: 12 }, () => factor * 1000 * (0.9 + 0.2 * random()));
  const cell = (metric: string, factor: number): object => ({
    scenario: "list users",
    metric,
    unit: "us",
    worse: "higher",
    limit: 0.05,
    scale: "log",
    floor: 100,
    gated: true,
    values: { base: values(1), head: values(factor) },
  });
  return {
    schema: "tailgate/observations@1",
    baseline: "base",
    alpha: 0.05,
    looks: [7, 12],
    seed: 7,
    cells: [cell("p50", 1), cell("p99", 1.2)],
  };
}

const SHA = "0123456789abcdef0123456789abcdef01234567";
const REPOSITORY = { full_name: "acme/shop", default_branch: "main" };

/** Payloads as GitHub sends them, by event. */
export const EVENTS: Readonly<Record<string, unknown>> = {
  pull_request: {
    pull_request: {
      number: 7,
      head: { sha: SHA, ref: "feature", repo: { full_name: "someone/shop" } },
      base: { sha: SHA, ref: "main", repo: REPOSITORY },
    },
    repository: REPOSITORY,
  },
  push: { before: SHA, after: SHA, ref: "refs/heads/main", repository: REPOSITORY },
  merge_group: { merge_group: { base_sha: SHA, head_sha: SHA, base_ref: "refs/heads/main" } },
  schedule: { repository: REPOSITORY },
  workflow_run: {
    workflow_run: {
      id: 1,
      run_attempt: 1,
      event: "pull_request",
      conclusion: "success",
      head_sha: SHA,
      head_branch: "feature",
      head_repository: { full_name: "someone/shop" },
      run_started_at: "2026-11-21T00:00:00Z",
      html_url: "https://github.com/acme/shop/actions/runs/1",
    },
  },
  issue_comment: {
    issue: { number: 7, pull_request: { url: "https://api.github.com/repos/acme/shop/pulls/7" } },
    comment: { user: { login: "someone" }, body: "/tailgate" },
  },
};

/** The run whose artifacts are reported. */
export const RUN = {
  id: 1,
  attempt: 1,
  event: "pull_request",
  conclusion: "success",
  headSha: SHA,
  headBranch: "feature",
  headRepository: "someone/shop",
  startedAt: "2026-11-21T00:00:00Z",
  url: "https://github.com/acme/shop/actions/runs/1",
} as const;
