import { markdownTable } from "markdown-table";
import type { RegressionName } from "../regressions/expectations.js";
import { ANSWERS, expectedInWords, isRight } from "./expectations.js";
import type { DiagnosisRecord } from "./records.js";

const HEADING = ["Stack", "Regression", "Expected first", "Said", "Blocks", "Seconds", "Right"];

/** All diagnoses as a Markdown table. */
export function diagnosisTable(records: readonly DiagnosisRecord[]): string {
  return markdownTable([HEADING, ...records.map(row)], { alignDelimiters: true });
}

function row(record: DiagnosisRecord): string[] {
  const { trial, explanation } = record;
  return [
    trial.stack,
    trial.run === 1 ? trial.regression : `${trial.regression} (${trial.run})`,
    expectedInWords(answerOf(record)),
    explanation.sentence.replace(/\s+/g, " "),
    String(explanation.blocks),
    String(Math.round(explanation.durationMs / 1000)),
    isRight(explanation, answerOf(record)) ? "yes" : "**no**",
  ].map((cell) => cell.replaceAll("|", "\\|"));
}

function answerOf({ trial }: DiagnosisRecord) {
  return ANSWERS[trial.stack]![trial.regression as RegressionName]!;
}

/** How many first rows are right, and in how many diagnoses of unchanged code something was named. */
export function tallyOf(records: readonly DiagnosisRecord[]): string {
  const unchanged = records.filter(({ trial }) => trial.regression === "no-op");
  const changed = records.filter(({ trial }) => trial.regression !== "no-op");
  const right = changed.filter((record) => isRight(record.explanation, answerOf(record)));
  const named = unchanged.filter(({ explanation }) => explanation.named.length > 0);
  return `${right.length} of ${changed.length} right in the first row; of ${unchanged.length} diagnoses of unchanged code ${named.length} named something`;
}
