import { htmlProse, htmlText, shortened, visible } from "../../text/escape.js";
import { formatNumber } from "../../text/format-quantity.js";
import type { CallTree, NamedFunction } from "../../model/explanation.js";
import type { Result } from "../../model/result.js";
import { functionName, timeChange } from "../../explanation/sentences.js";
import { whySlower } from "../text/why-slower.js";
import { callPathList } from "./call-path-list.js";
import { callPaths } from "./call-paths.js";
import { flameGraph } from "./flame-graph.js";

/** The answer to why head is slower: its sentences, its functions as a table, both arms' call paths, the raw profiles. */
export function whySlowerSection(result: Result, room: { readonly callPaths: number }): string {
  const why = whySlower(result);
  const { explanation } = result;
  if (why === null || explanation === null) return "";
  const names = { baseline: short(result.plan.baseline), candidate: short(explanation.arm ?? "head") };
  const lines = why.rows.map((row) => `<li>${prose(row)}</li>`);
  return (
    `<section aria-labelledby="why"><h2 id="why">${htmlText(why.title)}</h2>` +
    (why.answer === null ? "" : `<p>${prose(why.answer)}</p>`) +
    (lines.length === 0 ? "" : `<ul>${lines.join("")}</ul>${functionTable(explanation.named, names)}`) +
    why.basis.map((line) => `<p class="quiet">${prose(line)}</p>`).join("") +
    (explanation.callTree === null || room.callPaths === 0
      ? ""
      : pictures(explanation.callTree, room.callPaths, names)) +
    rawProfiles(explanation.profiles) +
    "</section>"
  );
}

function prose(text: string): string {
  return htmlProse(shortened(visible(text), 1_000));
}

interface ArmNames {
  readonly baseline: string;
  readonly candidate: string;
}

function functionTable(named: readonly NamedFunction[], names: ArmNames): string {
  const caption =
    "Functions that changed, the one that explains most first; CPU of a request in microseconds";
  const calls = (one: NamedFunction, side: "baseline" | "candidate"): string =>
    one.calls === null ? "–" : formatNumber(one.calls[side]);
  const rows = named.map(
    (one) =>
      `<tr><th scope="row">${htmlProse(functionName(one))}</th><td>${one.kind}</td>` +
      `<td class="n">${calls(one, "baseline")}</td><td class="n">${calls(one, "candidate")}</td>` +
      [one.cpu, one.cpuWithCalls]
        .map((cpu) => `<td class="n">${cpu === null ? "–" : htmlText(timeChange(cpu))}</td>`)
        .join("") +
      "</tr>",
  );
  return (
    `<div class="scroll" tabindex="0" role="group" aria-label="${caption}"><table><caption>${caption}</caption><thead><tr>` +
    '<th scope="col">Function</th><th scope="col">Kind</th><th scope="col" class="n">' +
    `Calls in ${htmlText(names.baseline)}</th><th scope="col" class="n">Calls in ${htmlText(names.candidate)}</th>` +
    '<th scope="col" class="n">Its own CPU [95 %]</th><th scope="col" class="n">With what it calls [95 %]</th>' +
    `</tr></thead><tbody>${rows.join("")}</tbody></table></div>`
  );
}

function pictures(tree: CallTree, most: number, names: ArmNames): string {
  const root = callPaths(tree, most);
  const { baseline, candidate } = names;
  return (
    '<h3 id="paths">Where the CPU of a request goes</h3>' +
    `<p class="quiet">Each box is a function under the one that called it, as wide as its CPU. Red: more in ${htmlText(candidate)} than in ` +
    `${htmlText(baseline)}; blue: less; the stronger, the larger the change. A dashed edge: only one of them has it.</p>` +
    flameGraph(root, {
      of: "candidate",
      title: `CPU of a request in ${candidate}, by call path`,
      names,
    }) +
    flameGraph(root, {
      of: "baseline",
      title: `CPU of a request in ${baseline}, by call path: what vanished is blue here`,
      names,
    }) +
    `<details><summary>The same as a list</summary>${callPathList(root)}</details>`
  );
}

function rawProfiles(files: readonly string[]): string {
  if (files.length === 0) return "";
  const shown = files
    .slice(0, 40)
    .map((file) => `<li><code>${htmlText(shortened(visible(file), 200))}</code></li>`);
  const rest = files.length > shown.length ? `<li>and ${files.length - shown.length} more</li>` : "";
  return `<details><summary>Raw profiles, beside this page; DevTools and speedscope open them</summary><ul>${shown.join("")}${rest}</ul></details>`;
}

function short(name: string): string {
  return shortened(visible(name), 40);
}
