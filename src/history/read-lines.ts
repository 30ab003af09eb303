import { HISTORY_SCHEMA, historyLineSchema, type HistoryLine } from "../model/history-line.js";

/** Lines that cannot be used, by the reason. They stay where they are. */
export interface PassedOver {
  /** Written by a later version of Tailgate. */
  readonly newer: number;
  /** Of another tool, or of another kind. */
  readonly foreign: number;
  /** Cut off in the middle, or with values that no run gives. */
  readonly damaged: number;
}

export interface ReadLines {
  /** In the order in which the runs started; a line that is there twice is given once. */
  readonly lines: readonly HistoryLine[];
  readonly passedOver: PassedOver;
}

/** A real line is under one kilobyte; what is longer is none of ours. */
const LONGEST_LINE = 100_000;

/**
 * Reads lines of the history. Whoever may write to the repository may write anything there: no line is ever fatal.
 *
 * @param text - NDJSON
 */
export function readHistoryLines(text: string): ReadLines {
  const passedOver = { newer: 0, foreign: 0, damaged: 0 };
  const lines: HistoryLine[] = [];
  const seen = new Set<string>();
  for (const written of text.split("\n")) {
    const line = written.trim();
    if (line === "" || seen.has(line)) continue;
    seen.add(line);
    const read = readLine(line);
    if (typeof read === "string") passedOver[read]++;
    else lines.push(read);
  }
  return { lines: lines.sort((a, b) => Date.parse(a.at) - Date.parse(b.at)), passedOver };
}

function readLine(line: string): HistoryLine | keyof PassedOver {
  if (line.length > LONGEST_LINE) return "foreign";
  let document: unknown;
  try {
    document = JSON.parse(line);
  } catch {
    return "damaged";
  }
  if (typeof document !== "object" || document === null || !Object.hasOwn(document, "schema"))
    return "foreign";
  const { schema } = document as { readonly schema: unknown };
  if (schema !== HISTORY_SCHEMA) {
    return typeof schema === "string" && /^tailgate\/history@\d{1,6}$/u.test(schema) ? "newer" : "foreign";
  }
  const { data } = historyLineSchema.safeParse(document);
  return data ?? "damaged";
}

/** What was passed over, in words; `null`: nothing was. */
export function describePassedOver({ newer, foreign, damaged }: PassedOver): string | null {
  const parts = [
    [newer, "of a newer version of Tailgate"],
    [foreign, "of another tool"],
    [damaged, "damaged or cut off"],
  ] as const;
  const said = parts.filter(([count]) => count > 0).map(([count, what]) => `${count} ${what}`);
  if (said.length === 0) return null;
  const count = newer + foreign + damaged;
  return `${count} ${count === 1 ? "line was" : "lines were"} passed over: ${said.join(", ")}`;
}
