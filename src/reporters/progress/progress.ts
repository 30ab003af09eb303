import { type Metric, descriptorOf } from "../../metrics/metrics.js";
import { formatDuration } from "../../text/format-quantity.js";
import { visible } from "../../text/escape.js";
import { changeWithInterval, shortLimitOrDash } from "../text/figures.js";
import type { Palette } from "../terminal/palette.js";
import { clip, columnsOf, pad } from "../terminal/width.js";

/** One arm as far as it has been measured. */
export interface ArmProgress {
  readonly name: string;
  /** Of the scenario that is shown, median over the blocks so far; `null` before the first block. */
  readonly p50Us: number | null;
  readonly p99Us: number | null;
}

/** A cell worth watching while the run goes on: its change so far and how well it is known. */
export interface WatchedCell {
  /** `null` for the service as a whole. */
  readonly scenario: string | null;
  readonly metric: Metric;
  readonly arm: string;
  /** Relative change (or a difference of shares) with its 95 % interval; `null` while too few blocks are in. */
  readonly change: number | null;
  readonly low: number | null;
  readonly high: number | null;
  readonly unit: string;
  readonly limit: number | null;
  readonly floor: number | null;
  /** Limit or floor, whichever is more, in the unit of the limit. */
  readonly effectiveLimit: number | null;
}

/** Where a run stands. */
export interface ProgressState {
  /** What is going on, in few words: "building head", "finding the rate", "measuring". */
  readonly step: string;
  /** Blocks that are finished. */
  readonly block: number;
  /** `null` before the schedule stands. */
  readonly maximumBlocks: number | null;
  readonly elapsedMs: number;
  /** Until the last block at the latest; a run may stop earlier. `null` while unknown. */
  readonly remainingMs: number | null;
  readonly arms: readonly ArmProgress[];
  readonly watched: readonly WatchedCell[];
}

/** How many watched cells a live view has room for. */
const MAXIMUM_WATCHED = 6;
const MAXIMUM_ARMS = 6;
const PLOT_COLUMNS = 21;

/** The live view: a line for the whole, one per arm, one per watched cell. No line is wider than `columns`. */
export function renderProgress(
  state: ProgressState,
  options: { readonly columns: number; readonly palette: Palette },
): string[] {
  const { columns, palette } = options;
  const lines = [headLine(state, columns, palette)];
  const arms = state.arms.slice(0, MAXIMUM_ARMS).filter((arm) => arm.p50Us !== null || arm.p99Us !== null);
  const nameColumns = Math.min(16, Math.max(0, ...arms.map((arm) => columnsOf(visible(arm.name)))));
  for (const arm of arms) {
    const name = pad(clip(visible(arm.name), nameColumns), nameColumns);
    lines.push(
      clip(`  ${name}  p50 ${latencyColumn(arm.p50Us)}  p99 ${latencyColumn(arm.p99Us)}`.trimEnd(), columns),
    );
  }
  const watched = state.watched.slice(0, MAXIMUM_WATCHED);
  const labels = watched.map((cell) => watchedLabel(cell, state.arms.length > 2));
  const figures = watched.map(figuresOf);
  const figureColumns = Math.max(0, ...figures.map(columnsOf));
  const room = columns - 2 - figureColumns - 2;
  const withPlot = room - (PLOT_COLUMNS + 2) >= 16;
  const labelColumns = Math.min(
    Math.max(0, ...labels.map(columnsOf)),
    Math.max(8, room - (withPlot ? PLOT_COLUMNS + 2 : 0)),
  );
  watched.forEach((cell, index) => {
    const text = `  ${pad(clippedLabel(cell, state.arms.length > 2, labelColumns), labelColumns)}  ${pad(figures[index]!, figureColumns)}`;
    lines.push(withPlot ? `${text}  ${intervalPlot(cell, palette)}` : clip(text, columns));
  });
  return lines;
}

/** The same as one plain line, for logs. */
export function renderProgressLine(state: ProgressState): string {
  const parts = [blocksSoFar(state), `${formatDuration(state.elapsedMs * 1000)} so far`];
  if (state.remainingMs !== null) parts.push(`at most ${formatDuration(state.remainingMs * 1000)} more`);
  const cells = state.watched
    .slice(0, 3)
    .map((cell) => `${watchedLabel(cell, state.arms.length > 2)} ${figuresOf(cell)}`);
  const head = `${visible(state.step)}: ${parts.filter((part) => part !== "").join(", ")}`;
  return cells.length === 0 ? head : `${head}; ${cells.join("; ")}`;
}

function headLine(state: ProgressState, columns: number, palette: Palette): string {
  const step = clip(visible(state.step), 32);
  const blocks = blocksSoFar(state);
  const elapsed = formatDuration(Math.round(state.elapsedMs / 1000) * 1e6);
  const remaining =
    state.remainingMs === null
      ? ""
      : `, at most ${formatDuration(Math.round(state.remainingMs / 1000) * 1e6)} more`;
  const plain = [step, blocks, `${elapsed}${remaining}`].filter((part) => part !== "").join("  ");
  const bar = Math.min(24, columns - columnsOf(plain) - 4);
  if (state.maximumBlocks === null || state.maximumBlocks === 0 || bar < 8) return clip(plain, columns);
  const filled = Math.min(bar, Math.round((bar * state.block) / state.maximumBlocks));
  const drawn = palette.cyan("━".repeat(filled)) + palette.dim("─".repeat(bar - filled));
  return `${palette.bold(step)}  ${blocks}  ${drawn}  ${palette.dim(`${elapsed}${remaining}`)}`;
}

function blocksSoFar(state: ProgressState): string {
  if (state.maximumBlocks === null) return state.block > 0 ? `block ${state.block}` : "";
  return `block ${state.block} of at most ${state.maximumBlocks}`;
}

/** The metric stays in sight when a name is too long. */
function clippedLabel(cell: WatchedCell, severalArms: boolean, columns: number): string {
  const metric = ` ${descriptorOf(cell.metric).label}`;
  const name = watchedLabel(cell, severalArms).slice(0, -metric.length);
  return `${clip(name, columns - columnsOf(metric))}${metric}`;
}

function watchedLabel(cell: WatchedCell, severalArms: boolean): string {
  const scenario = cell.scenario === null ? "service" : visible(cell.scenario);
  return `${severalArms ? `${visible(cell.arm)} ` : ""}${scenario} ${descriptorOf(cell.metric).label}`;
}

function figuresOf(cell: WatchedCell): string {
  if (cell.change === null) return "too few blocks yet";
  const limit = cell.limit === null ? "" : `, limit ${shortLimitOrDash(cell)}`;
  return `${changeWithInterval(cell)}${limit}`;
}

function latencyColumn(us: number | null): string {
  return pad(us === null ? "–" : formatDuration(us), 8);
}

/**
 * The interval on a line from two and a half limits down to two and a half limits up: `│` no change, `┆` the limit
 * on either side, `●` the change, `━` the interval, `‹ ›` where it leaves the picture.
 */
export function intervalPlot(cell: WatchedCell, palette: Palette): string {
  const { change, low, high } = cell;
  const limit = cell.effectiveLimit ?? cell.limit;
  if (change === null || low === null || high === null || limit === null || limit <= 0) return "";
  const reach = 2.5 * limit;
  const middle = (PLOT_COLUMNS - 1) / 2;
  const column = (value: number): number =>
    Math.round(middle + (Math.max(-reach, Math.min(reach, value)) / reach) * middle);
  const from = column(low);
  const to = column(high);
  const at = column(change);
  const limits = [column(-limit), column(limit)];
  let drawn = "";
  for (let index = 0; index < PLOT_COLUMNS; index++) {
    if (index === at) drawn += palette.bold(change < -reach ? "‹" : change > reach ? "›" : "●");
    else if (index === 0 && low < -reach && index >= from) drawn += palette.cyan("‹");
    else if (index === PLOT_COLUMNS - 1 && high > reach && index <= to) drawn += palette.cyan("›");
    else if (index >= from && index <= to) drawn += palette.cyan("━");
    else if (index === middle) drawn += palette.dim("│");
    else if (limits.includes(index)) drawn += palette.dim("┆");
    else drawn += palette.dim("·");
  }
  return drawn;
}
