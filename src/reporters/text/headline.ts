import { formatChange } from "../../metrics/format-change.js";
import { descriptorOf } from "../../metrics/metrics.js";
import type { ResultCell, RunVerdict } from "../../model/result.js";
import { isOfTheseDeployments } from "../../model/deployments.js";
import { shortened, visible } from "../../text/escape.js";
import { withLimit } from "./figures.js";
import type { Result, ResultArm } from "../../model/result.js";
import { VERDICT_WORDS, candidateNames, groupRows, regressions } from "./rows.js";
import { disturbanceOf } from "./disturbance.js";
import { comparesStacks, stackTables, timesNumber } from "./stack-table.js";

/** The signs of the run verdicts; each stands beside its word, never alone. */
const VERDICT_SIGNS = {
  regression: "🔴",
  pass: "🟢",
  inconclusive: "🟡",
  "no-baseline": "⚪",
  invalid: "⛔",
} as const satisfies Record<RunVerdict, string>;

/** A comparison without limits has nothing to pass or fail: its sign is no judgement. */
export function signOf(result: Result): string {
  return foundWithoutLimits(result) === null ? VERDICT_SIGNS[result.verdict] : "🔵";
}

/** The verdict in words, in one sentence without a full stop. Names in it are the plan's own: escape it. */
export function headline(result: Result): string {
  switch (result.verdict) {
    case "regression":
      return `Regression${onWhat(result)}: ${worstOf(result)}`;
    case "pass":
      return `Pass${onWhat(result)}: ${passOf(result)}`;
    case "inconclusive":
      return (
        foundWithoutLimits(result) ?? "Inconclusive: neither a regression nor its absence could be shown"
      );
    case "no-baseline":
      return `No baseline: ${candidates(result)} was measured alone, there is nothing to compare with`;
    case "invalid":
      return "Invalid: this run says nothing about speed";
  }
}

/** Said before anything else of a red or a green: what it does not reach beyond, and what may have made it. */
function onWhat(result: Result): string {
  const disturbance = disturbanceOf(result);
  const many = result.plan.arms.length === 2 ? "these two deployments" : "these deployments";
  const these = isOfTheseDeployments(result.plan) ? ` of ${many}` : "";
  return disturbance === null ? these : `${these} on a disturbed machine (⚠ ${disturbance})`;
}

/** "head 1234567 (feature) against base abcdef0 (merge base of main)". */
export function comparison(result: Result): string {
  const baseline = result.arms.find((arm) => arm.name === result.plan.baseline);
  const others = result.arms.filter((arm) => arm !== baseline && arm.role !== "control");
  const left = others.map(armWithCommit).join(", ");
  if (baseline === undefined) return left;
  return left === "" ? armWithCommit(baseline) : `${left} against ${armWithCommit(baseline)}`;
}

/** "2 regressed, 1 improved, 11 unchanged; 3 not gated". Nothing when there are no rows. */
export function verdictCounts(result: Result): string {
  const rows = groupRows(result);
  const tally = new Map<string, number>();
  for (const cell of [...rows.open, ...rows.unchanged]) {
    const word =
      cell.accepted === null ? VERDICT_WORDS[cell.verdict] : `${VERDICT_WORDS[cell.verdict]} but accepted`;
    tally.set(word, (tally.get(word) ?? 0) + 1);
  }
  const parts = Array.from(tally, ([word, count]) => `${count} ${word}`);
  const gated = parts.join(", ");
  if (rows.ungated.length === 0) return gated;
  return `${gated}${gated === "" ? "" : "; "}${rows.ungated.length} not gated`;
}

/** "list users p50", "service memory"; with the arm where several candidates are compared. */
export function cellLabel(result: Result, cell: Pick<ResultCell, "scenario" | "metric" | "arm">): string {
  const arm = candidateNames(result).length > 1 ? `${shortened(visible(cell.arm), 60)}: ` : "";
  const scenario = cell.scenario === null ? "service" : shortened(visible(cell.scenario), 100);
  return `${arm}${scenario} ${descriptorOf(cell.metric).label}`;
}

/** First characters of a commit, as git shows it, marked where files had changed since. */
function shortCommit(arm: ResultArm): string | null {
  if (arm.revision === null) return null;
  const sha = shortened(visible(arm.revision.sha), 60);
  return `${/^[0-9a-f]{12,}$/iu.test(sha) ? sha.slice(0, 7) : sha}${arm.revision.dirty ? " with uncommitted changes" : ""}`;
}

function armWithCommit(arm: ResultArm): string {
  const name = shortened(visible(arm.name), 60);
  const commit = shortCommit(arm);
  if (commit === null) return name;
  const label = shortened(visible(arm.revision?.label ?? ""), 80);
  return label === "" || label === commit ? `${name} ${commit}` : `${name} ${commit} (${label})`;
}

function worstOf(result: Result): string {
  const found = regressions(result);
  const [first] = found;
  if (first === undefined) return visible(result.reason).replace(/\.$/u, "");
  const rest = found.length - 1;
  return `${claim(result, first)}${rest === 0 ? "" : `, and ${rest} more`}`;
}

function claim(result: Result, cell: ResultCell): string {
  const label = cellLabel(result, cell);
  const scenario = cell.scenario === null ? "the service" : shortened(visible(cell.scenario), 100);
  const arm = shortened(visible(cell.arm), 60);
  const baseline = shortened(visible(result.plan.baseline), 60);
  if (cell.verdict === "failing") return `${arm} fails requests of ${scenario} that ${baseline} serves`;
  if (cell.verdict === "overloaded")
    return `${arm} cannot serve the load of ${scenario} that ${baseline} serves`;
  if (cell.change === null) return label;
  return `${label} ${formatChange(descriptorOf(cell.metric), cell.change)}${withLimit(cell)}`;
}

function passOf(result: Result): string {
  const rows = groupRows(result);
  const gated = [...rows.open, ...rows.unchanged].filter((cell) => cell.gated);
  if (gated.length === 0) return "no row is gated, so nothing could fail";
  const accepted = gated.filter((cell) => cell.accepted !== null).length;
  const apart =
    accepted === 0 ? "" : `, apart from ${accepted} accepted ${accepted === 1 ? "change" : "changes"}`;
  const open = gated.some((cell) => cell.verdict === "inconclusive");
  const limits = open ? "every limit that needs proof" : "all its limits";
  const [only] = candidateNames(result);
  const who =
    candidateNames(result).length === 1 && only !== undefined
      ? shortened(visible(only), 60)
      : "every candidate";
  return `${who} is shown to be within ${limits}${apart}`;
}

/** How many stacks a heading names. */
const NAMED_STACKS = 3;

/** What a comparison of stacks without limits found, of its first scenario; `null` for anything else. */
function foundWithoutLimits(result: Result): string | null {
  if (result.verdict !== "inconclusive" || !comparesStacks(result)) return null;
  if (result.cells.some((cell) => cell.limit !== null)) return null;
  const [table] = stackTables(result);
  const row = table?.rows.find(({ figures }) => figures.some(({ times }) => times !== null));
  if (table === undefined || row === undefined) return null;
  const found = table.stacks.flatMap((stack, index) => {
    const { times, value } = row.figures[index]!;
    if (stack === table.baseline) return [];
    const name = shortened(visible(stack), 60);
    return [times === null ? `${name} ${value}` : `${name} ${timesNumber(times.times)} times`];
  });
  const rest = found.length - NAMED_STACKS;
  const named = `${found.slice(0, NAMED_STACKS).join(", ")}${rest > 0 ? `, and ${rest} more` : ""}`;
  const scenario = shortened(visible(table.scenario), 100);
  return `Compared: ${named} the ${row.label} of ${shortened(visible(table.baseline), 60)} in ${scenario}`;
}

function candidates(result: Result): string {
  const names = candidateNames(result).map((name) => shortened(visible(name), 60));
  return names.length === 0 ? "the service" : names.join(", ");
}
