import { TailgateError } from "../../error.js";
import { readFileBounded } from "../../files/read-file.js";
import type { FinishedRun, GithubEvent, PullRequestEvent } from "./event.js";
import { jsonReader, type JsonReader } from "../api/json-reader.js";
import type { RunnerEnvironment } from "./runner-environment.js";

/** GitHub caps payloads at 25 MB; a larger file is not an event. */
const LARGEST_EVENT_BYTES = 26_000_000;

const SHA = /^[0-9a-f]{40}(?:[0-9a-f]{24})?$/;

/** Reads and parses the event file of this job. @throws TailgateError "github" */
export function readEvent(runner: RunnerEnvironment): GithubEvent {
  return parseEvent(runner.eventName, readPayload(runner.eventPath));
}

function readPayload(path: string): unknown {
  if (path === "") return {};
  try {
    const read = readFileBounded(path, { mostBytes: LARGEST_EVENT_BYTES, shared: false });
    if (read.kind !== "read") throw new Error(read.kind === "absent" ? "it is absent" : `it ${read.why}`);
    return JSON.parse(read.bytes.toString("utf8")) as unknown;
  } catch (cause) {
    throw new TailgateError(
      "github",
      `The event file ${path} could not be read as JSON.`,
      "GITHUB_EVENT_PATH must name the file that the runner wrote; no earlier step may change it.",
      { cause },
    );
  }
}

/**
 * Reads the event of this job.
 *
 * @param name `GITHUB_EVENT_NAME`
 * @param payload the parsed file at `GITHUB_EVENT_PATH`
 * @throws TailgateError "github" for `pull_request_target`, and for a payload without what its event must hold
 */
export function parseEvent(name: string, payload: unknown): GithubEvent {
  const event = jsonReader(payload);
  switch (name) {
    case "pull_request":
    case "pull_request_review":
      return { kind: "pull_request", pullRequest: pullRequest(name, event) };
    case "pull_request_target":
      throw new TailgateError(
        "github",
        "`pull_request_target` gives the pull request's code the repository's secrets and a token that may write; " +
          "Tailgate starts that code, so it refuses to measure there.",
        "Use `on: pull_request` to measure, and `mode: report` in a `workflow_run` workflow for the comment " +
          "(docs/forks-and-permissions.md has both, ready to copy).",
      );
    case "push":
      return {
        kind: "push",
        before: sha(name, "before", event.at("before")),
        after: sha(name, "after", event.at("after")),
        ref: text(name, "ref", event.at("ref")),
        defaultBranch: defaultBranch(event),
      };
    case "merge_group": {
      const group = event.at("merge_group");
      return {
        kind: "merge_group",
        baseSha: sha(name, "merge_group.base_sha", group.at("base_sha")),
        headSha: sha(name, "merge_group.head_sha", group.at("head_sha")),
        baseRef: text(name, "merge_group.base_ref", group.at("base_ref")),
      };
    }
    case "schedule":
      return { kind: "schedule", defaultBranch: defaultBranch(event) };
    case "workflow_dispatch":
      return { kind: "workflow_dispatch", defaultBranch: defaultBranch(event) };
    case "workflow_run":
      return { kind: "workflow_run", run: finishedRun(name, event.at("workflow_run")) };
    case "issue_comment":
      return {
        kind: "issue_comment",
        number: id(name, "issue.number", event.at("issue").at("number")),
        onPullRequest: event.at("issue").at("pull_request").at("url").string() !== null,
        commentId: id(name, "comment.id", event.at("comment").at("id")),
        author: text(name, "comment.user.login", event.at("comment").at("user").at("login")),
        body: event.at("comment").at("body").string() ?? "",
      };
    default:
      return { kind: "other", name };
  }
}

function defaultBranch(event: JsonReader): string | null {
  return event.at("repository").at("default_branch").string();
}

function pullRequest(name: string, event: JsonReader): PullRequestEvent {
  const pull = event.at("pull_request");
  const head = pull.at("head");
  const base = pull.at("base");
  const headRepository = head.at("repo").at("full_name").string();
  return {
    number: id(name, "pull_request.number", pull.at("number")),
    headSha: sha(name, "pull_request.head.sha", head.at("sha")),
    headRef: text(name, "pull_request.head.ref", head.at("ref")),
    headRepository,
    baseRef: text(name, "pull_request.base.ref", base.at("ref")),
    baseSha: sha(name, "pull_request.base.sha", base.at("sha")),
    defaultBranch: defaultBranch(event),
    fromFork:
      headRepository !== text(name, "pull_request.base.repo.full_name", base.at("repo").at("full_name")),
  };
}

function finishedRun(name: string, run: JsonReader): FinishedRun {
  return {
    id: id(name, "workflow_run.id", run.at("id")),
    attempt: id(name, "workflow_run.run_attempt", run.at("run_attempt")),
    event: text(name, "workflow_run.event", run.at("event")),
    conclusion: run.at("conclusion").string() ?? "",
    headSha: sha(name, "workflow_run.head_sha", run.at("head_sha")),
    // A run for a tag or a detached commit has no branch; then no pull request can match it.
    headBranch: run.at("head_branch").string() ?? "",
    headRepository: run.at("head_repository").at("full_name").string(),
    startedAt: text(name, "workflow_run.run_started_at", run.at("run_started_at")),
    url: run.at("html_url").string() ?? "",
  };
}

function text(event: string, field: string, value: JsonReader): string {
  const found = value.string();
  if (found === null || found === "") throw malformed(event, field);
  return found;
}

function sha(event: string, field: string, value: JsonReader): string {
  const found = value.string();
  if (found === null || !SHA.test(found)) throw malformed(event, field);
  return found;
}

function id(event: string, field: string, value: JsonReader): number {
  const found = value.number();
  if (found === null || !Number.isSafeInteger(found) || found < 1) throw malformed(event, field);
  return found;
}

function malformed(event: string, field: string): TailgateError {
  return new TailgateError(
    "github",
    `The event file of this \`${event}\` event has no usable \`${field}\`.`,
    "Check GITHUB_EVENT_PATH; a runner writes it before the job's first step.",
  );
}
