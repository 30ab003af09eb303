import type { RunVerdict } from "../../model/result.js";
import type { MeasuredRun } from "../event/event.js";

/** Which run a comment tells of. Kept in a hidden line at the comment's very start. */
export interface Marker {
  /** Several suites in one repository each have their own comment. */
  readonly key: string;
  readonly runId: number;
  readonly runAttempt: number;
  readonly headSha: string;
  /** ISO 8601, UTC: when this attempt began. */
  readonly startedAt: string;
  /** `progress` until there is a verdict. */
  readonly state: RunVerdict | "progress";
}

/** No blank and no character of a key: a marker without a key still has one word there. */
const EMPTY_KEY = "%00";
const STATES: readonly Marker["state"][] = [
  "progress",
  "regression",
  "pass",
  "inconclusive",
  "no-baseline",
  "invalid",
];
const LINE =
  /^<!-- tailgate key=(\S{1,720}) run=(\d{1,16}) attempt=(\d{1,6}) head=([0-9a-f]{0,64}) started=(\S{1,40}) state=([a-z-]{1,20}) -->/;

/** Says which run a comment with this state tells of. */
export function markerOf(run: MeasuredRun, key: string, state: Marker["state"]): Marker {
  const { id, attempt, headSha, startedAt } = run;
  return { key, runId: id, runAttempt: attempt, headSha, startedAt, state };
}

/** The hidden line. A key of any characters stays inside it: "-" and ">" would end an HTML comment. */
export function markerLine(marker: Marker): string {
  return (
    `<!-- tailgate key=${encodeKey(marker.key)} run=${marker.runId} attempt=${marker.runAttempt} ` +
    `head=${marker.headSha} started=${marker.startedAt} state=${marker.state} -->`
  );
}

/** The key as a marker gives it back: cut, and without halves of characters. */
export function keyInMarker(key: string): string {
  return decodeKey(encodeKey(key)) ?? "";
}

/** The marker of a comment's text, or `null`. Only the very start counts, so text further down cannot pose as one. */
export function parseMarker(body: string): Marker | null {
  const found = LINE.exec(body);
  if (found === null) return null;
  const state = STATES.find((known) => known === found[6]);
  const key = decodeKey(found[1]!);
  if (state === undefined || key === null) return null;
  return {
    key,
    runId: Number(found[2]),
    runAttempt: Number(found[3]),
    headSha: found[4]!,
    startedAt: found[5]!,
    state,
  };
}

/** Verdicts from the mildest to the one that must be seen. */
const WEIGHTS: readonly Marker["state"][] = [
  "progress",
  "pass",
  "no-baseline",
  "inconclusive",
  "invalid",
  "regression",
];

/**
 * Whether another job of the same run has told something worse under this key. One job tells its verdict once, so a second
 * verdict of one attempt is another job's, such as another leg of a matrix.
 */
export function hidesWorse(mine: Marker, posted: Marker): boolean {
  return (
    mine.runId === posted.runId &&
    mine.runAttempt === posted.runAttempt &&
    WEIGHTS.indexOf(mine.state) < WEIGHTS.indexOf(posted.state)
  );
}

/**
 * Whether `mine` may replace `posted`. Of one run the later attempt wins, and within an attempt the worse verdict. Of two
 * runs the one for the pull request's current head wins; otherwise the one that began later.
 */
export function supersedes(mine: Marker, posted: Marker, currentHead: string | null): boolean {
  if (mine.runId === posted.runId) {
    if (mine.runAttempt !== posted.runAttempt) return mine.runAttempt > posted.runAttempt;
    return !hidesWorse(mine, posted);
  }
  if (currentHead !== null && mine.headSha !== posted.headSha) {
    if (mine.headSha === currentHead) return true;
    if (posted.headSha === currentHead) return false;
  }
  const mineMs = Date.parse(mine.startedAt);
  const postedMs = Date.parse(posted.startedAt);
  if (!Number.isNaN(mineMs) && !Number.isNaN(postedMs) && mineMs !== postedMs) return mineMs > postedMs;
  return mine.runId > posted.runId;
}

/** As many as a key may have (config); escaped they are no more than 720 characters. */
function encodeKey(key: string): string {
  const short = key.slice(0, 64).replace(/\p{Cs}/gu, "\ufffd");
  return encodeURIComponent(short).replaceAll("-", "%2D") || EMPTY_KEY;
}

function decodeKey(text: string): string | null {
  if (text === EMPTY_KEY) return "";
  try {
    return decodeURIComponent(text);
  } catch {
    return null;
  }
}
