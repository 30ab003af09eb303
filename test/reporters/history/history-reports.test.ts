import axe from "axe-core";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { chromium, type Browser } from "playwright-core";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { parse } from "csv-parse/sync";
import { renderHistoryPage } from "../../../src/reporters/history/page.js";
import { renderHistoryCsv, renderOpenMetrics } from "../../../src/reporters/history/tables.js";
import { renderHistoryText } from "../../../src/reporters/history/text.js";
import { creeping, history, line, order } from "../../history/made-up-history.js";
import { browserPath, NO_BROWSER } from "../browser.js";

const HOSTILE = '</title><script>alert(1)</script>\u202e|`@org` "=1+1';
const crept = () =>
  history(creeping(["list users", "one user"]), { order: order(40, { "v1.1.0": 10, "v1.2.0": 20 }) });
const hostile = () =>
  history(
    [
      line(1, { scenario: HOSTILE, suite: HOSTILE, machine: { ...line(1).machine, cpuModel: HOSTILE } }),
      line(2, { scenario: HOSTILE, suite: HOSTILE, verdict: "regressed" }),
    ],
    { order: order(2, { [HOSTILE]: 0 }), passedOver: { newer: 1, foreign: 0, damaged: 2 } },
  );
const many = () =>
  history(
    creeping(
      Array.from({ length: 5 }, (_, index) => `scenario ${index}`),
      500,
    ),
    { order: order(500, { "v1.0.0": 0 }) },
  );

describe("the history on a terminal", () => {
  test("has a row for each metric and a sentence for each that crept", async () => {
    await expect(renderHistoryText(crept())).toMatchFileSnapshot("golden/history.txt");
  });

  test("says that nothing is stored, and what was passed over", () => {
    const empty = history([], { passedOver: { newer: 0, foreign: 3, damaged: 0 }, notes: ["a note"] });
    expect(renderHistoryText(empty)).toBe(
      "The history holds no run that was asked for.\n3 lines were passed over: 3 of another tool.\na note.\n",
    );
  });

  test("lets no name from outside reorder or command anything", () => {
    expect(renderHistoryText(hostile())).not.toMatch(/\u202e/u);
  });
});

describe("the history as CSV", () => {
  test("gives every line back to a reader of CSV", () => {
    const lines = [
      line(1, { scenario: 'a "quoted", name' }),
      line(2, { scenario: null, metric: "memory", unit: "bytes", limit: null }),
    ];
    const rows = parse<Record<string, string>>(renderHistoryCsv(lines), { columns: true });
    expect(rows).toHaveLength(2);
    expect(rows[0]).toMatchObject({
      scenario: 'a "quoted", name',
      metric: "p50",
      head: lines[0]!.head.sha,
      change: "0",
    });
    expect(rows[1]).toMatchObject({ scenario: "", metric: "memory", limit: "" });
  });

  test("no name becomes a formula of a spreadsheet", () => {
    expect(renderHistoryCsv([line(1, { scenario: "=HYPERLINK(1)" })])).toContain("'=HYPERLINK(1)");
  });
});

describe("the history as OpenMetrics text", () => {
  const SAMPLE = /^[a-z_]+\{(?:[a-z]+="(?:[^"\\\n]|\\[\\"n])*",?)+\} -?[0-9.e+-]+ [0-9.]+$/u;

  test("every sample keeps the grammar, families stand together, and the end is marked", () => {
    const texts = renderOpenMetrics(hostile()).trimEnd().split("\n");
    expect(texts.at(-1)).toBe("# EOF");
    let family = "";
    const seen = new Set<string>();
    for (const text of texts.slice(0, -1)) {
      const type = /^# TYPE (\S+) gauge$/u.exec(text)?.[1];
      if (type !== undefined) {
        expect(seen).not.toContain(type);
        seen.add((family = type));
      } else if (!text.startsWith(`# HELP ${family} `)) {
        expect(text).toMatch(SAMPLE);
        expect(text.slice(0, text.indexOf("{"))).toBe(family);
      }
    }
  });

  test("a series has one sample at a time, in the order of time", () => {
    const twice = [line(1), line(1, { change: 0.01 }), line(2)];
    const samples = renderOpenMetrics(history(twice))
      .split("\n")
      .filter((text) => text.startsWith("tailgate_change{"));
    expect(samples.map((text) => Number(text.split(" ").at(-1)))).toEqual(
      [line(1).at, line(2).at].map((at) => Date.parse(at) / 1000),
    );
  });
});

describe("the history as a page", () => {
  test("asks for nothing from anywhere and runs no script, whatever names hold", () => {
    for (const make of [crept, hostile, many, () => history([])]) {
      const html = renderHistoryPage(make());
      expect(html.includes("default-src 'none'")).toBe(true);
      expect(/<(?:script|img|iframe|link|object|embed|form|base)\b/iu.exec(html)).toBeNull();
      expect(/NaN|Infinity|undefined|\[object|\u202e/u.exec(html)).toBeNull();
      for (const [, target] of html.matchAll(/href="([^"]*)"/gu)) expect(target).toMatch(/^#/u);
    }
  });

  test("5,000 lines fit into half a megabyte", () => {
    expect(many().lines).toHaveLength(5_000);
    expect(Buffer.byteLength(renderHistoryPage(many()))).toBeLessThan(500_000);
  });

  test("marks releases, verdicts and change points, and says the creep in a sentence", () => {
    const html = renderHistoryPage(crept());
    for (const part of [
      'class="release"',
      'class="shift"',
      'class="worse"',
      'class="better"',
      'class="spot dim"',
      "since <code>v1.2.0</code>",
    ]) {
      expect(html.includes(part), part).toBe(true);
    }
    expect(/<title>(.*?)<\/title>/u.exec(html)![1]).toBe(
      "History of latency: 2 gated metrics are worse since v1.2.0",
    );
  });
});

const executablePath = browserPath();
describe.skipIf(executablePath === null)(
  executablePath === null
    ? `the page of the history in a browser: ${NO_BROWSER}`
    : "the page of the history in a browser",
  () => {
    let browser: Browser;
    let folder: string;
    beforeAll(async () => {
      browser = await chromium.launch({ executablePath: executablePath!, args: ["--no-sandbox"] });
      folder = await mkdtemp(join(tmpdir(), "tailgate-history-page-"));
    });
    afterAll(async () => {
      await browser.close();
      await rm(folder, { recursive: true });
    });

    test.each([
      ["crept", crept, "light", 1100],
      ["crept", crept, "dark", 390],
      ["hostile", hostile, "light", 390],
      ["many", many, "dark", 1100],
    ] as const)(
      "%s: axe finds nothing, nothing is loaded, and the page does not scroll sideways",
      async (name, make, colorScheme, width) => {
        const file = join(folder, `${name}-${width}.html`);
        await writeFile(file, renderHistoryPage(make()));
        const page = await browser.newPage({
          colorScheme,
          viewport: { width, height: 900 },
          bypassCSP: true,
        });
        const events: string[] = [];
        page.on("pageerror", (error) => events.push(error.message));
        page.on("request", (request) => {
          if (!request.url().startsWith("file:")) events.push(request.url());
        });
        await page.goto(pathToFileURL(file).href);
        await page.evaluate(axe.source);
        const found = await page.evaluate(
          "axe.run(document, { resultTypes: ['violations'] }).then((result) => result.violations.map((one) => `${one.id}: ${one.nodes[0].html.slice(0, 150)}`))",
        );
        expect(found).toEqual([]);
        expect(events).toEqual([]);
        expect(await page.evaluate("document.documentElement.scrollWidth")).toBeLessThanOrEqual(width);
        await page.close();
      },
    );
  },
);
