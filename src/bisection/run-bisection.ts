import type { Metric } from "../metrics/metrics.js";
import type { Result } from "../model/result.js";
import type { Store } from "../store/store.js";
import { chooseCell, evidenceOf, type Evidence, type SoughtCell } from "./evidence.js";
import type { BisectionRecord } from "./record.js";
import { nextStep, type NextStep, type SearchLimits } from "./search.js";
import { commitName, comparisons, evidenceText, type NamedCommit } from "./text.js";

/** What a bisection is asked. */
export interface BisectionQuestion {
  readonly good: string;
  /** From the first commit after good to bad itself. */
  readonly commits: readonly [NamedCommit, ...NamedCommit[]];
  readonly scenario: string | null;
  readonly metric: Metric | null;
  readonly limits: SearchLimits;
}

/** What it needs from outside. */
export interface BisectionPorts {
  /** Good against this commit. @param turn - which comparison it is, for a seed and a folder of its own */
  readonly compare: (commit: NamedCommit, turn: number) => Promise<Result>;
  readonly records: Store<BisectionRecord>;
  readonly say: (line: string) => void;
}

export interface Bisected {
  readonly record: BisectionRecord;
  readonly end: Extract<NextStep, { do: "stop" }>;
}

/** Compares one commit after the other until it is sure enough. Every comparison is kept as soon as it ends. */
export async function runBisection(question: BisectionQuestion, ports: BisectionPorts): Promise<Bisected> {
  const { commits, limits } = question;
  let record = (await ports.records.read()).at(-1) ?? begun(question);
  if (record.steps.length > 0) ports.say(`Going on after ${comparisons(record.steps.length)}.`);
  for (;;) {
    const next = nextStep(commits.length, record.steps, limits);
    if (next.do === "stop") return { record, end: next };
    const commit = commits[next.place - 1]!;
    const turn = record.steps.length + 1;
    ports.say(`Comparison ${turn}: ${commitName(commit)}`);
    const result = await ports.compare(commit, turn);
    const sought = record.sought ?? chooseCell(result, question);
    const evidence = evidenceFor(result, sought);
    const step = { place: next.place, sha: commit.sha, evidence, durationMs: result.durationMs };
    record = { ...record, sought, steps: [...record.steps, step] };
    await ports.records.append(record);
    ports.say(`  ${evidenceText(evidence, sought ?? { scenario: null, metric: question.metric ?? "" })}`);
  }
}

/** Without a cell to look for, the comparison that should have shown one decides nothing. */
function evidenceFor(result: Result, sought: SoughtCell | null): Evidence {
  if (sought !== null) return evidenceOf(result, sought);
  if (result.verdict === "invalid") return evidenceOf(result, { scenario: null, metric: "" });
  return { kind: "failed", why: `nothing regressed: ${result.reason}` };
}

function begun({ good, commits, scenario, metric }: BisectionQuestion): BisectionRecord {
  const bad = commits.at(-1)!.sha;
  return { schema: "tailgate/bisection@1", good, bad, sought: null, asked: { scenario, metric }, steps: [] };
}
