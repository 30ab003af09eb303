import { renderReportPage } from "./html/report-page.js";
import { renderSummary } from "./markdown/job-summary.js";
import { COMMENT_CHARACTERS, renderMarkdown } from "./markdown/report-markdown.js";
import type { Reporter } from "./reporter.js";
import { PLAIN } from "./terminal/palette.js";
import { renderTerminal } from "./terminal/report-terminal.js";

/** Every kind of report, by the name under which it is asked for. */
export const REPORTERS = {
  json: {
    fileName: "result.json",
    render: (result) => `${JSON.stringify(result, null, 1)}\n`,
  },
  markdown: {
    fileName: "report.md",
    render: (result, { maxCharacters = COMMENT_CHARACTERS }) => renderMarkdown(result, { maxCharacters }),
  },
  html: {
    fileName: "report.html",
    render: (result, { logs = [] }) => renderReportPage(result, { logs }),
  },
  terminal: {
    fileName: null,
    render: (result, { columns = 100, palette = PLAIN }) => renderTerminal(result, { columns, palette }),
  },
  "job-summary": {
    fileName: null,
    render: renderSummary,
  },
} as const satisfies Readonly<Record<string, Reporter>>;

/** Reports that a run keeps as files. The result first: the others can be made from it again. */
export const KEPT_REPORTS = ["json", "markdown", "html"] as const;
export type KeptReport = (typeof KEPT_REPORTS)[number];
