import { rm } from "node:fs/promises";
import { join, resolve } from "node:path";
import { bisectionRecord, type BisectionRecord } from "../bisection/record.js";
import { runBisection, type BisectionQuestion } from "../bisection/run-bisection.js";
import { conclusionText, soughtName } from "../bisection/text.js";
import { checkInputs } from "../config/inputs.js";
import { TailgateError, writingAt } from "../error.js";
import { makeFolder } from "../files/make-folder.js";
import { commitsAfter } from "../git/history/commits-after.js";
import { openRepository } from "../git/repository.js";
import { knownMetric, METRICS, type Metric } from "../metrics/metrics.js";
import type { Result } from "../model/result.js";
import { runGate } from "../run/run-gate.js";
import { CACHE_VARIABLE } from "../service/build/folder-cache.js";
import { singleDocumentStore } from "../store/single-document-store.js";
import { localContext } from "./local-context.js";
import { cancellable } from "./cancel.js";
import { numberFlag, wrongFlag } from "./flags.js";
import type { RunOptions } from "./run.js";
import type { Streams } from "./terminal/streams.js";
import { terminalJournal } from "./terminal/terminal-journal.js";

/** Flags of `tailgate bisect`, as strings. */
export interface BisectOptions extends Omit<RunOptions, "base" | "head" | "failOn" | "out" | "path"> {
  readonly good: string;
  readonly bad: string;
  readonly scenario?: string | undefined;
  readonly metric?: string | undefined;
  readonly steps: string;
  readonly confidence: string;
  readonly out: string;
  readonly fresh?: boolean | undefined;
}

/** Exit code where the commit was not found. */
const NOT_FOUND = 3;

/** `tailgate bisect` in a folder; returns 0 where the commit was found, 3 where it was not. */
export async function bisectCommand(
  options: BisectOptions,
  workingDirectory: string,
  { stdout, stderr }: Pick<Streams, "stdout" | "stderr">,
): Promise<number> {
  const question = await questionOf(options, workingDirectory);
  const outFolder = resolve(workingDirectory, options.out);
  const records = await openRecords(outFolder, question, options.fresh ?? false);
  const journal = terminalJournal(stderr, process.env, {
    quiet: options.quiet ?? false,
    verbose: options.verbose ?? false,
  });
  const seed = options.seed === undefined ? 1 : checkInputs(options, "flag").seed!;
  // Good is the same program every time, and is built once.
  const environment = { [CACHE_VARIABLE]: join(outFolder, "builds"), ...process.env };
  const compare = async ({ sha }: { readonly sha: string }, turn: number): Promise<Result> => {
    const inputs = checkInputs(
      { ...options, base: question.good, head: sha, failOn: "never", seed: String(seed + turn - 1) },
      "flag",
    );
    const folder = join(outFolder, "runs", `${String(turn).padStart(3, "0")}-${sha.slice(0, 10)}`);
    const { result } = await cancellable((signal) =>
      runGate(localContext({ inputs, workingDirectory, environment, outFolder: folder, signal, journal })),
    );
    return result;
  };
  try {
    const { record, end } = await runBisection(question, {
      compare,
      records,
      say: (line) => {
        journal.done();
        stderr.write(`${line}\n`);
      },
    });
    const durationMs = record.steps.reduce((sum, step) => sum + step.durationMs, 0);
    const totals = { steps: record.steps.length, durationMs };
    stderr.write(`\n${conclusionText(end, question.commits, record.sought, totals)}\n`);
    const suspects = question.commits.slice(end.suspect.first - 1, end.suspect.last);
    const said = { ...end, suspects, sought: record.sought, ...totals };
    if (options.json === true) stdout.write(`${JSON.stringify(said)}\n`);
    else if (end.why === "found") stdout.write(suspects.map(({ sha }) => `${sha}\n`).join(""));
    return end.why === "found" ? 0 : NOT_FOUND;
  } finally {
    journal.done();
  }
}

async function questionOf(options: BisectOptions, workingDirectory: string): Promise<BisectionQuestion> {
  const mostSteps = numberFlag(options.steps, "--steps", { min: 1, max: 500, whole: true });
  const confidence =
    numberFlag(options.confidence.replace(/%$/u, ""), "--confidence", { min: 50, max: 99.9, whole: false }) /
    100;
  const { good, commits } = await commitsAfter(
    await openRepository(workingDirectory),
    options.good,
    options.bad,
  );
  return {
    good,
    commits,
    scenario: options.scenario ?? null,
    metric: metricOf(options.metric),
    limits: { confidence, mostSteps },
  };
}

function metricOf(name: string | undefined): Metric | null {
  if (name === undefined) return null;
  const known = knownMetric(name);
  if (known !== null) return known.name;
  throw wrongFlag("--metric", name, `Metrics are ${METRICS.join(", ")}.`);
}

async function openRecords(outFolder: string, question: BisectionQuestion, fresh: boolean) {
  const file = join(outFolder, "bisection.json");
  await writingAt(outFolder, async () => {
    makeFolder(outFolder);
    if (fresh) await rm(file, { force: true });
  });
  const hint = "Begin anew with `--fresh`, or name another folder with `--out`.";
  const records = singleDocumentStore<BisectionRecord>(file, {
    schema: bisectionRecord,
    identityOf: (record) => JSON.stringify(record),
    name: "a bisection",
    hint,
  });
  const last = (await records.read()).at(-1);
  if (last !== undefined) requireSame(last, question, file, hint);
  return records;
}

/** Steps of another question would be believed for this one. */
function requireSame(record: BisectionRecord, question: BisectionQuestion, file: string, hint: string): void {
  const { good, commits, scenario, metric } = question;
  const same =
    record.good === good &&
    record.bad === commits.at(-1)!.sha &&
    record.asked.scenario === scenario &&
    record.asked.metric === metric &&
    record.steps.every((step) => commits[step.place - 1]?.sha === step.sha);
  if (same) return;
  const what = record.sought === null ? "" : `, in ${soughtName(record.sought)}`;
  throw new TailgateError(
    "config",
    `${file} holds a bisection of ${record.good.slice(0, 10)} to ${record.bad.slice(0, 10)}${what}: that is another question.`,
    hint,
  );
}
