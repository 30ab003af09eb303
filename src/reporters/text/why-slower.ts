import { functionInWords, timeChange, waitsBeyondThat } from "../../explanation/sentences.js";
import { MOST_NAMED_FUNCTIONS } from "../../model/explanation.js";
import type { Result } from "../../model/result.js";

/** The answer to why head is slower, as sentences with names in code spans. */
export interface WhySlower {
  readonly title: string;
  /** The finding in words; `null` where the rows say all of it. */
  readonly answer: string | null;
  /** A sentence a function, the one that explains most first. */
  readonly rows: readonly string[];
  /** What it rests on. */
  readonly basis: readonly string[];
}

/** What the explanation says, for every report; `null` where none was made. */
export function whySlower({
  explanation,
  verdict,
}: Pick<Result, "explanation" | "verdict">): WhySlower | null {
  if (explanation === null) return null;
  const { finding, sentence, named, serviceCpu } = explanation;
  const rows = named.slice(0, MOST_NAMED_FUNCTIONS).map((one) => functionInWords(one, serviceCpu));
  return {
    title: verdict === "regression" ? "Why it is slower" : "What it does differently",
    answer: finding === "functions" && rows.length > 0 ? waitsBeyondThat(explanation) : sentence,
    rows,
    basis: basis(explanation),
  };
}

function basis(explanation: NonNullable<Result["explanation"]>): string[] {
  const { finding, blocks, functionsLookedAt, serviceCpu, latency, instruments, scenario } = explanation;
  if (finding === "no-instrument" || finding === "failed") return instruments.map(asSentence);
  const changes = [
    ...(serviceCpu === null ? [] : [`CPU of the service ${timeChange(serviceCpu)} a request`]),
    ...(latency === null ? [] : [`median latency ${timeChange(latency)} while it was watched`]),
  ];
  const where = scenario === null ? "" : ` of \`${scenario.replaceAll("`", "'")}\``;
  return [
    `${blocks} diagnosis ${blocks === 1 ? "block" : "blocks"}${where}` +
      (functionsLookedAt === 0
        ? ""
        : `, CPU of ${functionsLookedAt} functions compared, intervals 95 % for all of them together`) +
      `${changes.length === 0 ? "" : `: ${changes.join(", ")}`}.`,
    ...instruments.map(asSentence),
  ];
}

function asSentence(text: string): string {
  return /[.!?]$/u.test(text) ? text : `${text}.`;
}
