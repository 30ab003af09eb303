import { mkdtemp } from "node:fs/promises";
import { join, resolve } from "node:path";
import * as core from "@actions/core";
import { Cancelled, cancellable } from "./commands/cancel.js";
import { ownOutput } from "./commands/output.js";
import { checkInputs, type Inputs } from "./config/inputs.js";
import { TailgateError, writingAt } from "./error.js";
import { type GateOutcome, runGate } from "./run/run-gate.js";
import type { RunContext } from "./run/run-context.js";
import { mergeShards } from "./run/shards/merge-shards.js";
import { runShard, type ShardOutcome } from "./run/shards/run-shard.js";
import { shardExitCode, shardText } from "./reporters/text/shard-text.js";
import { publishShard } from "./github/publish/publish-shard.js";
import { actionJournal } from "./github/publish/action-journal.js";
import { STEP_STATE } from "./github/publish/step-state.js";
import { readRunnerEnvironment } from "./github/event/runner-environment.js";
import { revisionEvent } from "./github/event/event.js";
import { readEvent } from "./github/event/parse-event.js";
import { type Mode, parseMode, readInputs } from "./github/event/inputs.js";
import { askedOptions } from "./github/event/asked-options.js";
import { askedRun } from "./github/event/asked-run.js";
import { matrixLeg } from "./github/event/matrix-leg.js";
import { connectFor, type GithubContext } from "./github/event/github-context.js";
import { artifactFilesOf } from "./github/publish/artifact.js";
import { reportIssues } from "./github/history/report-issue.js";
import { storeRun, type StoredRun } from "./github/history/store-run.js";
import { beginAskedRun } from "./github/publish/begin-asked-run.js";
import { ownPublication } from "./github/publish/own-publication.js";
import { publish } from "./github/publish/publish.js";
import { reportPullRequests } from "./github/untrusted/report-mode.js";
import { folderInside } from "./files/folder-inside.js";
import { temporaryParent } from "./service/clean-up/run-folder.js";
import { logText } from "./text/log-text.js";
import { exitCodeOf } from "./verdict/exit-code.js";

/*
 * The action: inputs and event -> measure -> publish -> exit code. Publishing comes before the exit code is decided,
 * and never changes it.
 */

ownOutput(process, fail);

try {
  await main();
} catch (error) {
  process.exitCode = fail(error);
}

async function main(): Promise<void> {
  const raw = readInputs((name) => core.getInput(name));
  const mode = parseMode(raw.mode);
  const runner = readRunnerEnvironment(process.env);
  const context: GithubContext = {
    runner,
    event: readEvent(runner),
    token: raw.githubToken,
    startedAt: new Date().toISOString(),
    core,
  };
  const given = { ...raw, leg: matrixLeg(raw.matrix, raw.shard !== "") };
  if (mode === "begin") {
    await beginAskedRun(context, given);
    return;
  }
  // What a comment asks for stands above the workflow's inputs, and is checked like them.
  const wanted = context.event.kind === "issue_comment" ? askedOptions(context.event.body) : {};
  const inputs = checkInputs({ ...given, ...wanted }, "input");
  const folderOfShards = resolve(process.env["GITHUB_WORKSPACE"] ?? ".", raw.shards || "tailgate-shards");
  if (mode === "report") {
    for (const reported of await reportPullRequests(context, inputs)) {
      core.info(reported.kind === "skipped" ? `Nothing to report: ${reported.why}.` : reported.result.reason);
    }
    return;
  }
  if (mode === "history") {
    for (const stored of await storeRun(context, inputs)) tellOfStored(stored);
    return;
  }
  if (mode === "issue") {
    for (const { suite, outcome, reason } of await reportIssues(context, inputs)) {
      const where = outcome.kind === "none" ? "no issue" : `issue ${outcome.kind}: ${outcome.url}`;
      core.info(logText(`${suite}: ${where}. ${reason}`));
    }
    return;
  }
  const client = await connectFor(context);
  const asked = { ...context, event: await askedRun(context.event, mode, runner, client) };
  if (mode !== "merge" && inputs.shard !== null) {
    const { shard } = inputs;
    await tellOfShard(
      await measure(asked, inputs, false, (run) => runShard(run, shard, folderOfShards)),
      asked,
    );
    return;
  }
  const outcome =
    mode === "merge"
      ? await mergeShards({
          inputs,
          folder: folderOfShards,
          outFolder: await newOutFolder(),
          attempt: runner.runAttempt,
        })
      : await measure(asked, inputs, mode === "run", runGate);
  const code = exitCodeOf(outcome.result.verdict, inputs.failOn);
  await publishOutcome(outcome, asked, mode, code !== 0);
  if (code !== 0) {
    core.setFailed(outcome.result.reason);
    process.exitCode = code;
  } else {
    core.info(outcome.result.reason);
  }
}

async function newOutFolder(): Promise<string> {
  const temporary = temporaryParent(process.env);
  return writingAt(temporary, () => mkdtemp(join(temporary, "tailgate-results-")));
}

/** @param speaks - whether this job tells of its progress in the pull request */
async function measure<T>(
  context: GithubContext,
  inputs: Inputs,
  speaks: boolean,
  run: (given: RunContext) => Promise<T>,
): Promise<T> {
  const workspace = process.env["GITHUB_WORKSPACE"] ?? process.cwd();
  const journal = actionJournal(context, speaks, core.saveState);
  const system = process.env["ImageOS"] ?? process.env["RUNNER_OS"];
  try {
    const workingDirectory = await folderInside(workspace, inputs.workingDirectory ?? ".");
    const outFolder = await newOutFolder();
    return await cancellable((signal) =>
      run({
        inputs,
        workingDirectory,
        event: revisionEvent(context.event),
        environment: process.env,
        outFolder,
        runner: system === undefined ? "GitHub Actions" : `GitHub Actions, ${system}`,
        attempt: context.runner.runAttempt,
        signal,
        journal,
      }),
    );
  } finally {
    await journal.stop();
  }
}

async function publishOutcome(
  { result, files }: GateOutcome,
  context: GithubContext,
  mode: Mode,
  fails: boolean,
): Promise<void> {
  const artifact = await artifactFilesOf(files.json);
  const own = { result, files, artifact, fails, speaks: mode !== "measure" };
  await publish(ownPublication(own, context), context);
  core.saveState(STEP_STATE.comment, "told");
}

/** A part of a run has no verdict that could fail the job: it fails where it could not measure. */
async function tellOfShard(outcome: ShardOutcome, context: GithubContext): Promise<void> {
  await publishShard(outcome, context);
  const text = logText(shardText(outcome.document));
  process.exitCode = shardExitCode(outcome.document);
  if (process.exitCode === 0) core.info(text);
  else core.setFailed(text);
}

/** What could not be stored changes nobody's verdict. */
function tellOfStored(stored: StoredRun): void {
  switch (stored.kind) {
    case "stored":
      core.info(`${stored.suite}: ${stored.added} lines stored in ${stored.tries} tries.`);
      return;
    case "refused":
      core.warning(logText(`${stored.suite}: ${stored.why}`), { title: "Tailgate" });
      return;
    case "skipped":
      core.notice(logText(`Nothing to store: ${stored.why}.`), { title: "Tailgate" });
  }
}

/** One sentence in the log for what the user can mend; the whole stack for a bug of ours. */
function fail(error: unknown): number {
  if (error instanceof TailgateError) {
    core.setFailed(logText(`${error.message} ${error.hint}`));
  } else if (error instanceof Cancelled) {
    core.setFailed("The run was cancelled; its services are stopped.");
  } else {
    core.setFailed("This is a bug of Tailgate, please report it.");
    core.info(logText(error instanceof Error ? (error.stack ?? error.message) : String(error)));
  }
  return 2;
}
