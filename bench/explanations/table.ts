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

/** Fewer diagnoses of one patch do not tell its change better than each of them. */
const FEWEST_REPEATED = 5;

/**
 * In how many diagnoses of a patch that changes one function the interval of that function holds the change of the service's
 * own CPU, which its processes tell and no sampler, over all of them.
 */
export function coverageOf(records: readonly DiagnosisRecord[]): string[] {
  const repeated = new Map<string, DiagnosisRecord[]>();
  for (const record of records) {
    const { stack, regression } = record.trial;
    if (regression !== "five-percent") continue;
    repeated.set(stack, [...(repeated.get(stack) ?? []), record]);
  }
  return [...repeated].flatMap(([stack, same]) => {
    if (same.length < FEWEST_REPEATED) return [];
    const changes = same.flatMap(({ explanation: { serviceCpu } }) => serviceCpu?.changeUs ?? []);
    const changeUs = changes.reduce((sum, one) => sum + one, 0) / changes.length;
    const holding = same.filter(({ explanation: { named } }) => {
      const cpu = named[0]?.cpu ?? null;
      return cpu !== null && cpu.lowUs <= changeUs && changeUs <= cpu.highUs;
    });
    return [
      `${stack}, five-percent: the service's CPU changed by ${changeUs.toFixed(1)} us, mean of ${changes.length}; ` +
        `the interval of the first function holds that in ${holding.length} of ${same.length}`,
    ];
  });
}
