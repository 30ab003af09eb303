import { spellOutChange } from "../metrics/format-change.js";
import { knownMetric } from "../metrics/metrics.js";
import { formatDuration, formatPercent } from "../text/format-quantity.js";
import { shortened, visible } from "../text/escape.js";
import type { Evidence, SoughtCell } from "./evidence.js";
import type { NextStep, Suspect } from "./search.js";

/** A commit as a person knows it. */
export interface NamedCommit {
  readonly sha: string;
  readonly subject: string;
}

/** "1a2b3c4 (speed up the list)". */
export function commitName({ sha, subject }: NamedCommit): string {
  return `${sha.slice(0, 10)} (${shortened(visible(subject), 72)})`;
}

export function soughtName({ scenario, metric }: SoughtCell): string {
  const label = knownMetric(metric)?.label ?? metric;
  return scenario === null ? `${label} of the service` : `${label} of ${shortened(visible(scenario), 80)}`;
}

/** "1 comparison", "2 comparisons". */
export function comparisons(count: number): string {
  return `${count} ${count === 1 ? "comparison" : "comparisons"}`;
}

/** What one comparison found, in words. */
export function evidenceText(evidence: Evidence, { metric }: SoughtCell): string {
  switch (evidence.kind) {
    case "measured": {
      const scale = knownMetric(metric)?.scale ?? "log";
      const size = (value: number): string =>
        spellOutChange({ scale }, Math.abs(scale === "log" ? Math.expm1(value) : value));
      const direction = evidence.worsening < 0 ? "better" : "worse";
      return `${size(evidence.worsening)} ${direction} than good, give or take ${size(1.96 * evidence.error)}`;
    }
    case "broken":
      return `worse: ${shortened(visible(evidence.why), 200)}`;
    case "untestable":
      return `cannot be tested, and is passed over: ${shortened(visible(evidence.why), 200)}`;
    case "failed":
      return `says nothing: ${shortened(visible(evidence.why), 200)}`;
  }
}

/** The end of a bisection for a person. */
export function conclusionText(
  { why, suspect }: Extract<NextStep, { do: "stop" }>,
  commits: readonly NamedCommit[],
  sought: SoughtCell | null,
  totals: { readonly steps: number; readonly durationMs: number },
): string {
  const took = `${comparisons(totals.steps)}, ${formatDuration(totals.durationMs * 1000)}`;
  const cell = sought === null ? "it" : soughtName(sought);
  switch (why) {
    case "found":
      return `${suspectText(suspect, commits)} made ${cell} slower: ${formatPercent(suspect.confidence)} sure after ${took}.`;
    case "steps":
      return `Not sure yet after ${took}. Likeliest (${formatPercent(suspect.confidence)}): ${suspectText(suspect, commits)}. The same command with more \`--steps\` goes on from here.`;
    case "not-slower":
      return `Bad is not shown to be slower than good in ${cell}, after ${took}: there is nothing to look for. A larger \`--budget\` sees smaller changes.`;
    case "no-measurement":
      return `Nothing could be measured, after ${took}: see the lines above for why. With \`--scenario\` and \`--metric\`, a change that is no regression is looked for too.`;
  }
}

function suspectText({ first, last }: Suspect, commits: readonly NamedCommit[]): string {
  const named = commits.slice(first - 1, last).map(commitName);
  if (named.length === 1) return named[0]!;
  return `One of ${named.slice(0, 10).join(", ")}${named.length > 10 ? ` and ${named.length - 10} more` : ""}`;
}
