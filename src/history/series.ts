import type { HistoryLine } from "../model/history-line.js";
import { METRICS } from "../metrics/metrics.js";

/** Everything that the history holds of one metric of one scenario. */
export interface HistorySeries {
  readonly suite: string;
  readonly scenario: string | null;
  readonly metric: HistoryLine["metric"];
  /** In the order in which the runs started. */
  readonly lines: readonly [HistoryLine, ...HistoryLine[]];
}

/** Lines -> series, by suite, then scenario, then metric in the order of reports. */
export function seriesOf(lines: readonly HistoryLine[]): HistorySeries[] {
  const groups = new Map<string, [HistoryLine, ...HistoryLine[]]>();
  for (const line of lines) {
    const key = JSON.stringify([line.suite, line.scenario, line.metric]);
    const group = groups.get(key);
    if (group === undefined) groups.set(key, [line]);
    else group.push(line);
  }
  return Array.from(groups.values(), (group) => {
    const [{ suite, scenario, metric }] = group;
    return { suite, scenario, metric, lines: group };
  }).sort(
    (a, b) =>
      compare(a.suite, b.suite) ||
      // What belongs to the service as a whole comes last.
      Number(a.scenario === null) - Number(b.scenario === null) ||
      compare(a.scenario ?? "", b.scenario ?? "") ||
      METRICS.indexOf(a.metric) - METRICS.indexOf(b.metric),
  );
}

function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}

/** What lines are asked for; left out: all. */
export interface HistoryFilter {
  readonly suite?: string | undefined;
  readonly scenario?: string | undefined;
  readonly metric?: string | undefined;
  /** Milliseconds since 1970. */
  readonly sinceMs?: number | undefined;
}

export function filterLines(lines: readonly HistoryLine[], filter: HistoryFilter): HistoryLine[] {
  const { suite, scenario, metric, sinceMs } = filter;
  return lines.filter(
    (line) =>
      (suite === undefined || line.suite === suite) &&
      (scenario === undefined || (line.scenario ?? "service") === scenario) &&
      (metric === undefined || line.metric === metric) &&
      (sinceMs === undefined || Date.parse(line.at) >= sinceMs),
  );
}
