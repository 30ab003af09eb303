import { readHistoryLines, type PassedOver } from "../history/read-lines.js";
import {
  appendLines,
  readLinesRef,
  type AppendEdges,
  type Appended,
  type LinesRef,
} from "../git/history/lines-ref.js";
import type { HistoryLine } from "../model/history-line.js";
import { missingFrom, type Store } from "./store.js";

/** Where a repository keeps its history, unless another ref is named. */
export const HISTORY_REF = "refs/notes/tailgate";

const FILE_NAME = /^\d{4}-(?:0[1-9]|1[0-2])\.ndjson$/u;

/** Everything that could be read of a history. */
export interface ReadHistory {
  readonly lines: readonly HistoryLine[];
  readonly passedOver: PassedOver;
  /** Files of months that were too much to read. */
  readonly leftOut: readonly string[];
}

/** The lines of runs in a git ref, a file for each month (UTC). A document of this store is one line. */
export interface HistoryStore extends Store<HistoryLine> {
  /** Adds the lines of a run by one push for each month. @throws TailgateError `revision` when the remote refuses */
  appendRun(lines: readonly HistoryLine[]): Promise<readonly Appended[]>;
  /** Reads what can be read, and counts the rest. @throws TailgateError `revision` when the remote does not answer */
  readHistory(): Promise<ReadHistory>;
}

export function historyStore(place: LinesRef, edges: AppendEdges): HistoryStore {
  const store: HistoryStore = {
    async appendRun(lines) {
      const appended: Appended[] = [];
      for (const [month, ofMonth] of byMonth(lines)) {
        const texts = ofMonth.map((line) => JSON.stringify(line));
        appended.push(await appendLines(place, `${month}.ndjson`, texts, edges));
      }
      return appended;
    },
    async readHistory() {
      const { text, leftOut } = await readLinesRef(place, (path) => FILE_NAME.test(path));
      return { ...readHistoryLines(text), leftOut };
    },
    async append(line) {
      await store.appendRun([line]);
    },
    async read() {
      return [...(await store.readHistory()).lines];
    },
    async merge(other) {
      const missing = missingFrom(await store.read(), await other.read(), {
        identityOf: (line) => JSON.stringify(line),
      });
      await store.appendRun(missing);
      return missing.length;
    },
  };
  return store;
}

function byMonth(lines: readonly HistoryLine[]): Map<string, HistoryLine[]> {
  const months = new Map<string, HistoryLine[]>();
  for (const line of lines) {
    const month = line.at.slice(0, 7);
    const known = months.get(month);
    if (known === undefined) months.set(month, [line]);
    else known.push(line);
  }
  return months;
}
