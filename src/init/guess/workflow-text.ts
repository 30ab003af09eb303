import { stringify } from "yaml";
import type { NeededService } from "./deployment/services.js";
import type { NeededVariable } from "./needs.js";
import type { WorkflowStep } from "./snapshot.js";

/** What a workflow depends on beside tailgate.yml. */
export interface WorkflowOptions {
  /** The action, as in `uses:`. */
  readonly action: string;
  /** Folder of the service from the repository's root; empty for the root. */
  readonly subfolder: string;
  readonly steps: readonly WorkflowStep[];
  /** Variables that the service reads; those of which nothing tells where they lead are to be set by hand. */
  readonly needs: readonly NeededVariable[];
  /** Databases and the like that are started beside the job. */
  readonly services: readonly NeededService[];
}

const CHECKOUT = `      - uses: actions/checkout@v6
        with:
          fetch-depth: 0
          persist-credentials: false
`;

/** One job that measures and comments, with the least permissions for that. */
export function workflowText(options: WorkflowOptions): string {
  return measuring(options, "Latency", "pull-requests: write # the comment", []);
}

/** Two workflows for pull requests from forks: one measures without a token, the other comments. */
export function workflowTexts(options: WorkflowOptions): { measure: string; report: string } {
  return {
    measure: measuring(options, "Latency", null, ["mode: measure"]),
    report: reporting(options),
  };
}

/** One workflow, weekly and on tags: measures the default branch against its last release, and keeps an issue about it. */
export function releaseWorkflowText(options: WorkflowOptions): string {
  return `name: Latency since the last release
on:
  schedule:
    - cron: "17 4 * * 1" # Mondays; the default branch against its last release
  push:
    tags: ["v*"] # a release against the one before
  workflow_dispatch:

permissions: {}

concurrency:
  group: latency-release
  cancel-in-progress: false

jobs:
  measure:
    name: Measure
    permissions:
      contents: read # the checkout
${measuringJob({ ...options, steps: options.steps.map(withoutCache) }, ["mode: measure", "base: last-release"])}  issue:
    name: Issue
    needs: measure
    if: \${{ !cancelled() }}
    permissions:
      actions: read # the artifact of the measuring job
      issues: write # one issue, opened, updated, closed when mended
    runs-on: ubuntu-latest
    timeout-minutes: 10
    steps:
      - uses: ${options.action}
        with:
          mode: issue
`;
}

function measuring(
  options: WorkflowOptions,
  name: string,
  permission: string | null,
  inputs: readonly string[],
): string {
  return `${heading(name)}jobs:
  latency:
    name: Latency
    permissions:
      contents: read # the checkout
${permission === null ? "" : `      ${permission}\n`}${measuringJob(options, inputs)}`;
}

/** Name, event and what all workflows on pull requests share, up to their jobs. */
export function heading(name: string): string {
  return `name: ${name}
on: pull_request

permissions: {}

concurrency:
  group: latency-\${{ github.ref }}
  cancel-in-progress: true

`;
}

/**
 * What follows the permissions of a job that measures.
 *
 * @param before - steps that come right before the measuring
 */
export function measuringJob(
  { action, subfolder, steps, needs, services }: WorkflowOptions,
  inputs: readonly string[],
  before = "",
): string {
  const given = [...inputs, ...folderInput(subfolder)];
  return `    runs-on: ubuntu-latest
    timeout-minutes: 30
${servicesText(services)}    steps:
${CHECKOUT}${steps.map((step) => stepText(inFolder(step, subfolder))).join("")}${before}      - uses: ${action}
${environmentText(needs)}${given.length === 0 ? "" : `        with:\n${given.map((one) => `          ${one}\n`).join("")}`}`;
}

function reporting({ action, subfolder }: WorkflowOptions): string {
  const given = ["mode: report", ...folderInput(subfolder)];
  return `name: Latency report
on:
  workflow_run: # zizmor: ignore[dangerous-triggers] nothing of the pull request is checked out or run
    workflows: [Latency]
    types: [completed]

permissions: {}

concurrency:
  group: latency-report-\${{ github.event.workflow_run.head_repository.full_name }}-\${{ github.event.workflow_run.head_branch }}
  cancel-in-progress: false

jobs:
  report:
    name: Report
    permissions:
      actions: read # the artifact of the measuring run
      contents: read # the base branch's limits
      pull-requests: write # the comment
    if: github.event.workflow_run.event == 'pull_request'
    runs-on: ubuntu-latest
    timeout-minutes: 10
    steps:
      - uses: ${action}
        with:
${given.map((one) => `          ${one}\n`).join("")}`;
}

/** The input that names the folder of the service; nothing for the root. */
export function folderInput(subfolder: string): string[] {
  return subfolder === "" ? [] : [`working-directory: ${scalar(subfolder)}`];
}

/** On a tag a cache could carry what another branch has put there into a release. */
function withoutCache(step: WorkflowStep): WorkflowStep {
  if ("run" in step || !step.uses.startsWith("actions/setup-node@")) return step;
  return { ...step, with: { ...step.with, "package-manager-cache": "false" } };
}

/** Files that a step names lie in the service's folder, or above it. */
function inFolder(step: WorkflowStep, subfolder: string): WorkflowStep {
  if (subfolder === "" || "run" in step) return step;
  return {
    uses: step.uses,
    with: Object.fromEntries(Object.entries(step.with).map(([key, value]) => [key, below(subfolder, value)])),
  };
}

/** `services/api` and `../../.nvmrc` -> `.nvmrc` */
function below(subfolder: string, path: string): string {
  const parts = subfolder.split("/");
  for (const part of path.split("/")) {
    if (part === "..") parts.pop();
    else parts.push(part);
  }
  return parts.join("/");
}

function stepText(step: WorkflowStep): string {
  if ("run" in step) return `      - run: ${step.run}\n`;
  const inputs = Object.entries(step.with).map(([key, value]) => `          ${key}: ${scalar(value)}\n`);
  return `      - uses: ${step.uses}\n${inputs.length === 0 ? "" : `        with:\n${inputs.join("")}`}`;
}

/** An address that nothing gives is left as a comment: a made-up one would be measured doing nothing. */
function environmentText(needs: readonly NeededVariable[]): string {
  const known = needs.filter(({ address }) => address !== null);
  const open = needs.filter(({ address }) => address === null);
  return [
    ...(known.length === 0 ? [] : ["        env:\n"]),
    ...known.map(({ value, address }) => `          ${value}: ${scalar(address!)}\n`),
    ...open.map(
      ({ value }) =>
        `        # env: { ${value}: ... } # read by the service; see \`services:\` for a database\n`,
    ),
  ].join("");
}

/** How an image of a kind says that it is ready. */
const HEALTH: readonly (readonly [RegExp, string])[] = [
  [/postgres|postgis|timescale|pgvector/, "pg_isready"],
  [/mysql|mariadb|percona/, "mysqladmin ping --silent"],
  [/redis|valkey/, "redis-cli ping"],
];

function servicesText(services: readonly NeededService[]): string {
  if (services.length === 0) return "";
  const texts = services.map(({ name, image, env, ports }) => {
    const health = HEALTH.find(([kind]) => kind.test(image))?.[1];
    const variables = Object.entries(env).map(([key, value]) => `          ${key}: ${scalar(value)}\n`);
    return [
      `      ${name}:\n        image: ${scalar(image)}\n`,
      ...(variables.length === 0 ? [] : ["        env:\n", ...variables]),
      `        ports: [${ports.map(({ host, container }) => `"${host}:${container}"`).join(", ")}]\n`,
      ...(health === undefined
        ? []
        : [`        options: --health-cmd "${health}" --health-interval 2s --health-retries 30\n`]),
    ].join("");
  });
  return `    services:\n${texts.join("")}`;
}

/** An expression of the workflow's own would be evaluated; no value of a repository may be one. */
function scalar(text: string): string {
  return stringify(text.replaceAll("${{", "$ {{"), { lineWidth: 0, blockQuote: false }).trim();
}
