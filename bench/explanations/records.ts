import { appendFileSync, existsSync, mkdirSync, readFileSync } from "node:fs";
import { dirname } from "node:path";
import type { Explanation } from "../../src/model/explanation.js";
import type { Trial } from "../regressions/store.js";

/** A diagnosis that was made. */
export interface DiagnosisRecord {
  readonly trial: Trial;
  /** Of example, patch, budget and command: another digest is another trial. */
  readonly digest: string;
  /** Checkouts, builds and launches. */
  readonly wallMs: number;
  readonly explanation: Explanation;
}

/** One line for each diagnosis; a line that was cut short counts as none. */
export function readRecords(file: string): DiagnosisRecord[] {
  if (!existsSync(file)) return [];
  return readFileSync(file, "utf8")
    .split("\n")
    .flatMap((line): DiagnosisRecord[] => {
      try {
        return [JSON.parse(line) as DiagnosisRecord];
      } catch {
        return [];
      }
    });
}

export function appendRecord(file: string, record: DiagnosisRecord): void {
  mkdirSync(dirname(file), { recursive: true });
  appendFileSync(file, `${JSON.stringify(record)}\n`);
}

export function isOf(record: DiagnosisRecord, trial: Trial, digest: string): boolean {
  return (
    record.digest === digest &&
    record.trial.stack === trial.stack &&
    record.trial.regression === trial.regression &&
    record.trial.run === trial.run
  );
}
