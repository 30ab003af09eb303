// Draws a report as GitHub shows a comment: node scripts/comment-picture.mjs REPORT.md [picture.png]
//
// The picture in the README: node dist/cli.js demo && node scripts/comment-picture.mjs .tailgate/demo/report.md
// Needs a Chromium (apt-get install chromium); TAILGATE_CHROMIUM names another one.
import { existsSync, mkdirSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { micromark } from "micromark";
import { gfm, gfmHtml } from "micromark-extension-gfm";
import { chromium } from "playwright-core";
import { root } from "./from-source.mjs";

const [report, picture = join(root, "docs", "images", "comment.png")] = process.argv.slice(2);
if (report === undefined) throw new Error("which report.md?");
const browserPath = [process.env.TAILGATE_CHROMIUM, "/usr/bin/chromium", "/usr/bin/google-chrome"].find(
  (path) => path && existsSync(path),
);
if (browserPath === undefined) throw new Error("no Chromium was found; apt-get install chromium");

/** Emoji drawn as circles: a machine may have no font for them. */
const CIRCLES = { "🔴": "#d1242f", "🟢": "#1a7f37", "🟡": "#d4a72c", "⚪": "#afb8c1", "⛔": "#82071e" };

const rendered = micromark(readFileSync(report, "utf8"), {
  allowDangerousHtml: true,
  extensions: [gfm()],
  htmlExtensions: [gfmHtml()],
});

const body = rendered.replace(
  new RegExp(Object.keys(CIRCLES).join("|"), "gu"),
  (emoji) => `<i style="background: ${CIRCLES[emoji]}"></i>`,
);

const page = `<!doctype html><meta charset="utf-8"><style>
  body { margin: 0; padding: 16px; width: 860px; background: #fff; color: #1f2328;
    font: 14px/1.5 -apple-system, "Segoe UI", "Noto Sans", Helvetica, Arial, "Noto Color Emoji", sans-serif; }
  .comment { border: 1px solid #d1d9e0; border-radius: 6px; }
  .author { padding: 8px 16px; background: #f6f8fa; border-bottom: 1px solid #d1d9e0; border-radius: 6px 6px 0 0; color: #59636e; }
  .author b { color: #1f2328; }
  .author span { border: 1px solid #d1d9e0; border-radius: 2em; padding: 0 6px; font-size: 12px; }
  .body { padding: 0 16px 8px; }
  h3 { font-size: 1.25em; margin: 16px 0 8px; }
  table { border-collapse: collapse; display: block; width: max-content; max-width: 100%; }
  th, td { border: 1px solid #d1d9e0; padding: 6px 13px; }
  tr:nth-child(2n) td { background: #f6f8fa; }
  code { background: #818b981f; border-radius: 6px; padding: .2em .4em; font: 85% ui-monospace, "DejaVu Sans Mono", monospace; }
  i { display: inline-block; width: .8em; height: .8em; border-radius: 50%; }
  summary { margin: 8px 0; }
</style><div class="comment"><div class="author"><b>github-actions</b> <span>bot</span> commented</div><div class="body">${body}</div></div>`;

mkdirSync(dirname(picture), { recursive: true });
const browser = await chromium.launch({ executablePath: browserPath, args: ["--no-sandbox"] });
try {
  const tab = await browser.newPage({ deviceScaleFactor: 1.25, viewport: { width: 892, height: 400 } });
  await tab.setContent(page);
  await tab.screenshot({ path: picture, fullPage: true });
} finally {
  await browser.close();
}
