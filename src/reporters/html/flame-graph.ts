import { htmlText, shortened } from "../../text/escape.js";
import { formatDuration } from "../../text/format-quantity.js";
import { changeUs, largestChangeUs, type CallPath } from "./call-paths.js";
import { fixed } from "./chart.js";

const WIDTH = 1_000;
const ROW = 17;
/** Of a letter at the size that the style gives; a label that is a little too long is cut off by its box. */
const LETTER = 6;
/** Narrower boxes are not seen. */
const NARROWEST = 0.8;
/** Steps of colour on either side; must be those of the style. */
const STEPS = 5;

/** Whose time gives the boxes their width. */
export interface FlameView {
  readonly of: "baseline" | "candidate";
  readonly title: string;
  readonly names: { readonly baseline: string; readonly candidate: string };
}

/**
 * A differential flame graph (Gregg, "The Flame Graph", 2016), the outermost function on top. A box is as wide as the
 * CPU that one arm spends there; red boxes are more in the candidate than in the baseline, blue ones less, and wide ones
 * say by how much.
 */
export function flameGraph(root: CallPath, view: FlameView): string {
  const widthUs = timeOf(root, view);
  if (widthUs === 0) return "";
  const strongestUs = largestChangeUs(root);
  const boxes: string[] = [];
  let rows = 0;
  const draw = (path: CallPath, left: number, right: number, row: number): void => {
    if (right - left < NARROWEST) return;
    rows = Math.max(rows, row + 1);
    boxes.push(box(path, { left, right, row, strongestUs, view }));
    let at = left;
    for (const child of path.children) {
      // What was rounded, or made up, still stays below its caller.
      const end = Math.min(right, at + (timeOf(child, view) / widthUs) * WIDTH);
      draw(child, at, end, row + 1);
      at = end;
    }
  };
  draw(root, 0, WIDTH, 0);
  const description = `${view.title}: ${formatDuration(widthUs)}, in ${boxes.length} boxes; the list below says the same in words.`;
  return (
    `<figure class="flame"><figcaption>${htmlText(view.title)}: ${htmlText(formatDuration(widthUs))}</figcaption>` +
    `<div class="scroll" tabindex="0" role="group" aria-label="${htmlText(view.title)}">` +
    `<svg viewBox="0 0 ${WIDTH} ${rows * ROW}" role="img" aria-label="${htmlText(description)}">${boxes.join("")}</svg></div></figure>`
  );
}

interface Place {
  readonly left: number;
  readonly right: number;
  readonly row: number;
  readonly strongestUs: number;
  readonly view: FlameView;
}

function box(path: CallPath, { left, right, row, strongestUs, view }: Place): string {
  const change = changeUs(path);
  const width = right - left;
  const room = Math.floor((width - 6) / LETTER);
  const said = signedTime(change);
  const label =
    room > path.label.length + said.length + 1 ? `${path.label} ${said}` : shortened(path.label, room);
  const text = room < 3 ? "" : `<text x="${fixed(left + 3)}" y="${row * ROW + 12}">${htmlText(label)}</text>`;
  const { baseline, candidate } = view.names;
  const title = `${path.label}: ${formatDuration(path.baselineUs)} in ${baseline}, ${formatDuration(path.candidateUs)} in ${candidate}, ${said}`;
  return (
    `<g class="${colour(path, strongestUs)}"><title>${htmlText(title)}</title>` +
    `<rect x="${fixed(left)}" y="${row * ROW}" width="${fixed(Math.max(0.4, width - 0.4))}" height="${ROW - 1}"/>${text}</g>`
  );
}

/** "m3" is more, in the third of five steps; "l3" less; "one" has a dashed edge: only one arm has it. */
function colour(path: CallPath, strongestUs: number): string {
  const change = changeUs(path);
  const step = strongestUs === 0 ? 0 : Math.round((Math.abs(change) / strongestUs) * STEPS);
  const side = step === 0 ? "same" : `${change > 0 ? "m" : "l"}${Math.min(STEPS, step)}`;
  return path.baselineUs === 0 || path.candidateUs === 0 ? `${side} one` : side;
}

function timeOf(path: CallPath, { of }: FlameView): number {
  return of === "baseline" ? path.baselineUs : path.candidateUs;
}

/** "+43 us". */
export function signedTime(us: number): string {
  return `${us > 0 ? "+" : ""}${formatDuration(us)}`;
}
