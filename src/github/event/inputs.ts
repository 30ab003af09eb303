import { TailgateError } from "../../error.js";

/** Raw action inputs, exactly as action.yml names them, trimmed; empty means not given. */
export interface ActionInputs {
  readonly mode: string;
  readonly config: string;
  readonly build: string;
  readonly start: string;
  readonly path: string;
  readonly base: string;
  readonly head: string;
  readonly scenario: string;
  readonly budget: string;
  readonly failOn: string;
  readonly explain: string;
  readonly comment: string;
  readonly commentKey: string;
  readonly shard: string;
  readonly shardBy: string;
  readonly shards: string;
  readonly matrix: string;
  readonly githubToken: string;
  readonly workingDirectory: string;
}

/** The input's name in action.yml for each field. */
export const INPUT_NAMES = {
  mode: "mode",
  config: "config",
  build: "build",
  start: "start",
  path: "path",
  base: "base",
  head: "head",
  scenario: "scenario",
  budget: "budget",
  failOn: "fail-on",
  explain: "explain",
  comment: "comment",
  commentKey: "comment-key",
  shard: "shard",
  shardBy: "shard-by",
  shards: "shards",
  matrix: "matrix",
  githubToken: "github-token",
  workingDirectory: "working-directory",
} as const satisfies Record<keyof ActionInputs, string>;

/** Reads every input once; `read` is `getInput` of @actions/core. */
export function readInputs(read: (name: string) => string): ActionInputs {
  const entries = Object.entries(INPUT_NAMES).map(([field, name]) => [field, read(name).trim()]);
  return Object.fromEntries(entries) as ActionInputs;
}

/**
 * `begin`: tell the comment that asks for a run that it begins, and leave the rest to later jobs.
 * `run`: measure and report. `measure`: measure only, with no token, and leave the rest to a later job.
 * `merge`: judge and report what the shards of this run have measured, from the folder that `shards` names.
 * `report`: report only, from the artifact of the run that a `workflow_run` event names.
 * `issue`: keep an issue open as long as what an earlier job of this run has measured is slower.
 * `history`: store what an earlier job of this run has measured on the default branch.
 */
export const MODES = ["run", "measure", "merge", "report", "history", "issue", "begin"] as const;
export type Mode = (typeof MODES)[number];

/** @throws TailgateError "config" for anything but a mode; empty means `run`. */
export function parseMode(text: string): Mode {
  if (text === "") return "run";
  const mode = MODES.find((known) => known === text);
  if (mode !== undefined) return mode;
  throw new TailgateError(
    "config",
    `input \`mode\` is ${JSON.stringify(text.slice(0, 80))}, which is not a mode.`,
    "Write `run`, `measure`, `merge`, `report`, `history`, `issue` or `begin`.",
  );
}
