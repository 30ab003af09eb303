import { htmlText } from "../../text/escape.js";

/** Size of a picture and of what lies inside its axes, in the units of its view box. */
export interface Frame {
  readonly width: number;
  readonly height: number;
  readonly left: number;
  readonly right: number;
  readonly top: number;
  readonly bottom: number;
}

export const WIDE: Frame = { width: 460, height: 220, left: 62, right: 448, top: 12, bottom: 182 };
export const SMALL: Frame = { width: 340, height: 170, left: 50, right: 330, top: 10, bottom: 134 };

export interface Tick {
  /** Place in the units of the view box. */
  readonly at: number;
  readonly text: string;
}

export interface Chart {
  readonly frame: Frame;
  /** What the picture shows, for its heading. */
  readonly title: string;
  /** What can be read from it, for those who do not see it. */
  readonly description: string;
  readonly x: { readonly label: string; readonly ticks: readonly Tick[] };
  readonly y: { readonly label: string; readonly ticks: readonly Tick[] };
  /** SVG of the marks, made from numbers and escaped text only. */
  readonly marks: string;
  /** Under the picture; HTML. */
  readonly legend?: string;
}

/** A picture as HTML: heading, SVG with axes, legend. */
export function chartHtml(chart: Chart): string {
  const { frame } = chart;
  const rows = chart.y.ticks
    .map(
      ({ at, text }) =>
        `<path class="grid" d="M${frame.left} ${fixed(at)}H${frame.right}"/><text class="end" x="${frame.left - 6}" y="${fixed(at + 3.5)}">${htmlText(text)}</text>`,
    )
    .join("");
  const columns = chart.x.ticks
    .map(
      ({ at, text }) =>
        `<text class="mid" x="${fixed(at)}" y="${frame.bottom + 16}">${htmlText(text)}</text>`,
    )
    .join("");
  const axis = `<path class="axis" d="M${frame.left} ${frame.bottom}H${frame.right}"/>`;
  const names =
    `<text class="label mid" x="${(frame.left + frame.right) / 2}" y="${frame.height - 6}">${htmlText(chart.x.label)}</text>` +
    (chart.y.label === ""
      ? ""
      : `<text class="label mid" transform="rotate(-90)" x="${-(frame.top + frame.bottom) / 2}" y="11">${htmlText(chart.y.label)}</text>`);
  return (
    `<figure><figcaption>${htmlText(chart.title)}</figcaption>` +
    `<svg viewBox="0 0 ${frame.width} ${frame.height}" role="img" aria-label="${htmlText(chart.description)}">${rows}${chart.marks}${axis}${columns}${names}</svg>` +
    `${chart.legend ?? ""}</figure>`
  );
}

/** A coordinate with a tenth of a unit: finer is not seen and makes the file long. */
export function fixed(value: number): string {
  return Number(value.toFixed(1)).toString();
}

/** Colours and dashes of arms, by their place: the baseline first. Both tell them apart, colour never alone. */
export function armClass(place: number): string {
  return `arm arm${Math.min(place, 5)}`;
}

/** Names of arms beside a sample of their line. */
export function legend(names: readonly string[]): string {
  const entries = names.map(
    (name, place) =>
      `<li><svg viewBox="0 0 24 8" width="24" height="8" aria-hidden="true"><path class="${armClass(place)} line" d="M0 4H24"/></svg><bdi>${htmlText(name)}</bdi></li>`,
  );
  return `<ul class="legend">${entries.join("")}</ul>`;
}
