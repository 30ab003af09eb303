import { writeFile } from "node:fs/promises";
import { writingAt } from "../../error.js";
import { commitsOf, releasesWithin } from "../../git/history/releases.js";
import { commitOrder, orderFromLines, type CommitOrder } from "../../history/commit-order.js";
import { readHistoryLines } from "../../history/read-lines.js";
import { filterLines } from "../../history/series.js";
import { knownMetric, METRICS } from "../../metrics/metrics.js";
import { renderHistoryPage } from "../../reporters/history/page.js";
import type { History } from "../../reporters/history/history.js";
import { renderHistoryCsv, renderOpenMetrics } from "../../reporters/history/tables.js";
import { remarks, renderHistoryLines, renderHistoryText } from "../../reporters/history/text.js";
import type { ReadHistory } from "../../store/history-store.js";
import { wrongFlag } from "../flags.js";
import { readGivenFile } from "../read-given-file.js";
import type { Streams } from "../terminal/streams.js";
import { withHistory, type OpenHistory } from "./open-history.js";

const FORMATS = {
  text: renderHistoryText,
  html: renderHistoryPage,
  csv: ({ lines }: History) => renderHistoryCsv(lines),
  openmetrics: renderOpenMetrics,
  json: ({ lines }: History) => renderHistoryLines(lines),
} as const;

/** Flags of `tailgate history`, as strings. */
export interface HistoryOptions {
  readonly suite?: string | undefined;
  readonly scenario?: string | undefined;
  readonly metric?: string | undefined;
  readonly since?: string | undefined;
  readonly format: string;
  readonly branch?: string | undefined;
  readonly from?: string | undefined;
  readonly out?: string | undefined;
  readonly ref?: string | undefined;
}

const DAY_MS = 86_400_000;
/** Older commits of the branch are as if they were not on it. */
const MOST_COMMITS = 50_000;

/** `tailgate history`: prints what the default branch has measured. */
export async function historyCommand(
  options: HistoryOptions,
  workingDirectory: string,
  { stdout, stderr }: Pick<Streams, "stdout" | "stderr">,
  nowMs = Date.now(),
): Promise<number> {
  const render = formatOf(options.format);
  const { suite, scenario } = options;
  const filter = {
    suite,
    scenario,
    metric: metricOf(options.metric),
    sinceMs: sinceOf(options.since, nowMs),
  };
  const whole = await readWhole(options, workingDirectory);
  const history: History = { ...whole, lines: filterLines(whole.lines, filter) };
  const text = render(history);
  if (options.format !== "text") for (const remark of remarks(history)) stderr.write(`${remark}\n`);
  if (options.out === undefined) stdout.write(text);
  else {
    const { out } = options;
    await writingAt(out, () => writeFile(out, text));
  }
  return 0;
}

async function readWhole(options: HistoryOptions, workingDirectory: string): Promise<History> {
  if (options.from !== undefined) {
    const read = readHistoryLines(
      readGivenFile(
        options.from,
        "The history",
        "Give a file of lines that `tailgate history --format json` wrote.",
      ),
    );
    return { ...read, order: orderFromLines(read.lines), notes: [] };
  }
  return withHistory(workingDirectory, process.env, options.ref, async (open) => {
    const read = await open.store.readHistory();
    const { order, notes } = await branchOrder(open, options.branch ?? "HEAD", read);
    return { ...read, order, notes };
  });
}

/** How the commits of the branch follow one another, and which of them are releases. */
async function branchOrder(
  { repository: { git } }: OpenHistory,
  branch: string,
  { lines, leftOut }: ReadHistory,
): Promise<{ readonly order: CommitOrder; readonly notes: readonly string[] }> {
  const notes =
    leftOut.length === 0
      ? []
      : [`${leftOut.join(", ")} ${leftOut.length === 1 ? "was" : "were"} too much to read`];
  const tip = await git(["rev-parse", "--verify", "--quiet", "--end-of-options", `${branch}^{commit}`]);
  if (tip.code !== 0) throw wrongFlag("--branch", branch, "Name a branch or a commit that is here.");
  const sha = tip.stdout.trim();
  const order = commitOrder(await commitsOf(git, sha, MOST_COMMITS), await releasesWithin(git, sha, null));
  if (order.releases.length === 0 && lines.length > 0) {
    notes.push("no tag of this branch looks like a version, so that nothing is compared with a release");
  }
  const known = lines.filter((line) => order.placeOf(line.head.sha) !== undefined).length;
  if (known < lines.length) {
    const shallow = (await git(["rev-parse", "--is-shallow-repository"])).stdout.trim() === "true";
    const why = shallow
      ? "this clone is shallow: fetch the whole history (`fetch-depth: 0`)"
      : "as after a force-push";
    notes.push(
      `${lines.length - known} of ${lines.length} lines are of commits that this branch does not hold, ${why}`,
    );
  }
  return { order, notes };
}

function formatOf(name: string): (history: History) => string {
  if (Object.hasOwn(FORMATS, name)) return FORMATS[name as keyof typeof FORMATS];
  throw wrongFlag("--format", name, `Formats are ${Object.keys(FORMATS).join(", ")}.`);
}

function metricOf(name: string | undefined): string | undefined {
  if (name === undefined || knownMetric(name) !== null) return name;
  throw wrongFlag("--metric", name, `Metrics are ${METRICS.join(", ")}.`);
}

/** `90d`, or a day such as `2026-09-01` -> milliseconds since 1970. */
function sinceOf(text: string | undefined, nowMs: number): number | undefined {
  if (text === undefined) return undefined;
  const days = /^(\d{1,5})d$/u.exec(text)?.[1];
  if (days !== undefined) return nowMs - Number(days) * DAY_MS;
  const day = /^\d{4}-\d{2}-\d{2}$/u.test(text) ? Date.parse(text) : NaN;
  if (!Number.isNaN(day)) return day;
  throw wrongFlag("--since", text, "Give a number of days such as 90d, or a day such as 2026-09-01.");
}
