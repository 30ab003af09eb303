import { markdownTable } from "markdown-table";
import { descriptorOf } from "../../metrics/metrics.js";
import type { Result, ResultCell } from "../../model/result.js";
import { markdownProse, markdownText, shortened, visible } from "../../text/escape.js";
import { changeWithInterval } from "../text/figures.js";
import { regressions } from "../text/rows.js";

const MOST_ROWS = 100;

/** The commits between base and head, with what each was measured to change of the metric that regressed most; or nothing. */
export function commitsBetweenTable(result: Result): string {
  if (result.between.length === 0) return "";
  const [worst] = regressions(result);
  const rows = result.between.slice(0, MOST_ROWS).map(({ sha, subject, measured }) => {
    const own = measured.find((one) => one.scenario === worst?.scenario && one.metric === worst.metric);
    return [
      // A sha alone would become a link and so stand in that commit's page; inside of code it does not.
      `<code>${markdownText(shortened(visible(sha), 60).slice(0, 10))}</code>`,
      markdownText(shortened(visible(subject), 100)),
      ...(worst === undefined ? [] : [own === undefined ? "not stored" : changeWithInterval(own)]),
    ];
  });
  const titles = [
    "Commit",
    "Subject",
    ...(worst === undefined ? [] : [`Its own change: ${metricName(worst)}`]),
  ];
  const more = result.between.length > MOST_ROWS ? `\n\nand ${result.between.length - MOST_ROWS} more` : "";
  return `#### Commits in between\n\n${markdownTable([titles, ...rows])}${more}`;
}

function metricName({ scenario, metric }: ResultCell): string {
  const label = descriptorOf(metric).label;
  return scenario === null
    ? label
    : markdownProse(`${label} of \`${shortened(visible(scenario).replaceAll("`", "'"), 60)}\``);
}
