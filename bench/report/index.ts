import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { type Page, chromium } from "playwright-core";
import { renderReportPage } from "../../src/reporters/html/report-page.js";
import { median } from "../../src/stats/quantile.js";
import { NO_BROWSER, browserPath } from "../../test/reporters/browser.js";
import { sampleResult } from "../../test/reporters/sample-result.js";

/*
 * report.html as a person opens it: how large it is, how long it takes to make, and how long Chromium takes until it
 * shows something and until everything is drawn. Each figure is the median of several openings by a new browser page.
 */

const OPENINGS = 9;
const SHAPES = [
  { scenarios: 1, blocks: 12 },
  { scenarios: 10, blocks: 40 },
  { scenarios: 50, blocks: 40 },
];

const path = browserPath();
if (path === null) {
  console.error(NO_BROWSER);
  process.exitCode = 2;
} else {
  const folder = mkdtempSync(join(tmpdir(), "bench-report-"));
  const browser = await chromium.launch({
    executablePath: path,
    args: ["--no-sandbox", "--disable-gpu", "--disable-background-networking", "--no-first-run"],
  });
  try {
    console.log("| scenarios | blocks | size, kB | made in, ms | first paint, ms | loaded, ms |");
    console.log("| --------: | -----: | -------: | ----------: | --------------: | ---------: |");
    for (const { scenarios, blocks } of SHAPES) {
      const names = Array.from({ length: scenarios }, (_, index) => `scenario ${index + 1}`);
      const result = sampleResult({ scenarios: names, blocks, slower: { "scenario 1": 1.2 } });
      const startedMs = performance.now();
      const html = renderReportPage(result);
      const madeMs = performance.now() - startedMs;
      const file = join(folder, "report.html");
      writeFileSync(file, html);
      const paints: number[] = [];
      const loads: number[] = [];
      for (let opening = 0; opening < OPENINGS; opening++) {
        const page = await browser.newPage();
        await page.goto(pathToFileURL(file).href, { waitUntil: "load" });
        paints.push(await firstPaintMs(page));
        loads.push(Number(await page.evaluate("performance.getEntriesByType('navigation')[0].loadEventEnd")));
        await page.close();
      }
      const figures = [madeMs, median(paints), median(loads)].map((ms) => ms.toFixed(0));
      console.log(
        `| ${scenarios} | ${blocks} | ${Math.round(Buffer.byteLength(html) / 1000)} | ${figures.join(" | ")} |`,
      );
    }
  } finally {
    await browser.close();
    rmSync(folder, { recursive: true, force: true });
  }
}

/** The page forbids code made from text, so that it is asked again and again from outside. */
async function firstPaintMs(page: Page): Promise<number> {
  for (;;) {
    const [time] = await page.evaluate<number[]>(
      "performance.getEntriesByName('first-contentful-paint').map((entry) => entry.startTime)",
    );
    if (time !== undefined) return time;
  }
}
