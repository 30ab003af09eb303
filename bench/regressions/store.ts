import { createHash } from "node:crypto";
import { existsSync, mkdirSync, readFileSync, readdirSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { parseResultText } from "../../src/model/parse-result.js";
import type { Result } from "../../src/model/result.js";

/** One regression on one stack, measured once. */
export interface Trial {
  readonly stack: string;
  readonly regression: string;
  /** From 1. */
  readonly run: number;
}

/** A trial that is done, as it stands in its folder beside Tailgate's own result. */
export interface TrialRecord {
  readonly trial: Trial;
  /** Of everything that was measured: another digest is another trial. */
  readonly digest: string;
  readonly exitCode: number;
  /** Checkouts, builds and measuring. */
  readonly wallMs: number;
}

export interface Kept extends TrialRecord {
  readonly result: Result;
}

/** Where a trial's report, raw observations and logs go. */
export function folderOf(out: string, { stack, regression, run }: Trial): string {
  return join(out, stack, regression, String(run));
}

/** Keeps a record as soon as its trial has ended. */
export function keep(out: string, record: TrialRecord): Kept {
  const folder = folderOf(out, record.trial);
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, "trial.json"), `${JSON.stringify(record, null, 1)}\n`);
  return { ...record, result: resultIn(folder) };
}

/** What was kept of a trial; `null` where there is nothing, or it was of other code. */
export function kept(out: string, trial: Trial, digest: string): Kept | null {
  const folder = folderOf(out, trial);
  if (!existsSync(join(folder, "trial.json"))) return null;
  const record = JSON.parse(readFileSync(join(folder, "trial.json"), "utf8")) as TrialRecord;
  return record.digest === digest ? { ...record, result: resultIn(folder) } : null;
}

function resultIn(folder: string): Result {
  return parseResultText(readFileSync(join(folder, "result.json"), "utf8"));
}

/** Digest of files and whole folders, and of what else makes a trial what it is. */
export function digestOf(paths: readonly string[], rest: unknown): string {
  const hash = createHash("sha256").update(JSON.stringify(rest));
  for (const path of paths.flatMap(filesIn)) hash.update(path).update(readFileSync(path));
  return hash.digest("hex").slice(0, 16);
}

function filesIn(path: string): string[] {
  if (!statSync(path).isDirectory()) return [path];
  return readdirSync(path, { withFileTypes: true, recursive: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name))
    .filter((file) => !/\/(?:node_modules|\.venv|target|__pycache__)\//.test(file))
    .sort();
}
