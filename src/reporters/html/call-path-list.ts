import { htmlText } from "../../text/escape.js";
import { formatDuration } from "../../text/format-quantity.js";
import { changeUs, largestChangeUs, type CallPath } from "./call-paths.js";
import { signedTime } from "./flame-graph.js";

/** Share of the largest change from which on a path stands open at first. */
const OPEN_FROM = 0.5;

/**
 * The call paths as nested lists that fold: what the picture shows, for the keyboard and for those who do not see it.
 * The way to the largest change stands open.
 */
export function callPathList(root: CallPath): string {
  const strongestUs = largestChangeUs(root);
  const item = (path: CallPath): string => {
    const words =
      `<bdi>${htmlText(path.label)}</bdi> <span class="quiet">${htmlText(formatDuration(path.baselineUs))} → ` +
      `${htmlText(formatDuration(path.candidateUs))}, ${htmlText(signedTime(changeUs(path)))}</span>`;
    if (path.children.length === 0) return `<li>${words}</li>`;
    const open = Math.abs(changeUs(path)) >= OPEN_FROM * strongestUs ? " open" : "";
    return `<li><details${open}><summary>${words}</summary><ul>${path.children.map(item).join("")}</ul></details></li>`;
  };
  return `<ul class="paths">${root.children.map(item).join("")}</ul>`;
}
