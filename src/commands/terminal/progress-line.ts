import { createColors } from "picocolors";
import type { ProgressState } from "../../reporters/progress/progress.js";
import { renderProgress, renderProgressLine } from "../../reporters/progress/progress.js";

/** The part of a stream that progress is drawn on: standard error. */
export interface ProgressStream {
  readonly isTTY?: boolean | undefined;
  readonly columns?: number | undefined;
  write(text: string): unknown;
}

export interface ProgressOptions {
  readonly stream: ProgressStream;
  readonly environment: Readonly<Record<string, string | undefined>>;
  readonly quiet: boolean;
  /** Milliseconds from any fixed point. */
  readonly now: () => number;
  /** Least time between plain lines; default 15 s. */
  readonly plainEveryMs?: number;
}

/** What a run tells the person who waits for it. */
export interface Progress {
  /** Where the run stands now; drawn over the last one on a terminal. */
  update(state: ProgressState): void;
  /** A line that stays: the plan, a warning, the end of a step. */
  note(text: string): void;
  /** Takes the live view away. Safe to call twice. */
  done(): void;
}

const HIDE_CURSOR = "\u001b[?25l";
const SHOW_CURSOR = "\u001b[?25h";
/** Faster redraws only flicker. */
const REDRAW_EVERY_MS = 80;

/** A live view on a terminal, an occasional plain line in a log, and nothing when quiet. */
export function createProgress(options: ProgressOptions): Progress {
  if (options.quiet) return { update: () => undefined, note: () => undefined, done: () => undefined };
  return isLive(options) ? liveProgress(options) : plainProgress(options);
}

/** Whether colours are wanted on a stream: https://no-color.org, and FORCE_COLOR as other tools read it. */
export function wantsColor(
  stream: Pick<ProgressStream, "isTTY">,
  environment: Readonly<Record<string, string | undefined>>,
): boolean {
  if ((environment["NO_COLOR"] ?? "") !== "") return false;
  const force = environment["FORCE_COLOR"];
  if (force !== undefined) return force !== "0" && force !== "false";
  return stream.isTTY === true && environment["TERM"] !== "dumb";
}

function isLive({ stream, environment }: ProgressOptions): boolean {
  return (
    stream.isTTY === true &&
    (environment["NO_COLOR"] ?? "") === "" &&
    (environment["CI"] ?? "") === "" &&
    environment["TERM"] !== "dumb"
  );
}

function liveProgress({ stream, environment, now }: ProgressOptions): Progress {
  const palette = createColors(wantsColor(stream, environment));
  let drawn = 0;
  let last: ProgressState | null = null;
  let drawnAt = Number.NEGATIVE_INFINITY;

  /** Back to the first line of the view, everything below it cleared. */
  const erase = (): string => (drawn === 0 ? "" : `\u001b[${drawn}A\r\u001b[J`);
  const draw = (prefix = ""): void => {
    const columns = Math.max(20, (stream.columns ?? 80) - 1);
    const lines = last === null ? [] : renderProgress(last, { columns, palette });
    const hide = drawn === 0 && lines.length > 0 ? HIDE_CURSOR : "";
    stream.write(`${hide}${erase()}${prefix}${lines.map((line) => `${line}\n`).join("")}`);
    drawn = lines.length;
    drawnAt = now();
  };
  return {
    update(state) {
      const urgent = last === null || last.step !== state.step || last.block !== state.block;
      last = state;
      if (urgent || now() - drawnAt >= REDRAW_EVERY_MS) draw();
    },
    note(text) {
      draw(`${text}\n`);
    },
    done() {
      if (drawn > 0) stream.write(`${erase()}${SHOW_CURSOR}`);
      drawn = 0;
      last = null;
    },
  };
}

function plainProgress({ stream, now, plainEveryMs = 15_000 }: ProgressOptions): Progress {
  let last: ProgressState | null = null;
  let writtenAt = Number.NEGATIVE_INFINITY;
  return {
    update(state) {
      const newStep = last?.step !== state.step;
      const newBlock = last?.block !== state.block;
      last = state;
      if (!newStep && !(newBlock && now() - writtenAt >= plainEveryMs)) return;
      writtenAt = now();
      stream.write(`${renderProgressLine(state)}\n`);
    },
    note(text) {
      stream.write(`${text}\n`);
    },
    done() {
      last = null;
    },
  };
}
