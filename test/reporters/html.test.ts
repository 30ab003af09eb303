import axe from "axe-core";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { chromium, type Browser, type Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { renderReportPage } from "../../src/reporters/html/report-page.js";
import type { Result } from "../../src/model/result.js";
import { explained } from "../explanation/profiles.js";
import { browserPath, NO_BROWSER } from "./browser.js";
import { sampleResult } from "./sample-result.js";
import { SAMPLES } from "./samples.js";

const large = (scenarios: number, blocks: number, name = (index: number) => `scenario ${index}`) =>
  sampleResult({
    scenarios: Array.from({ length: scenarios }, (_, index) => name(index)),
    blocks,
    slower: { "scenario 7": 1.2 },
  });

/** As many scenarios as before, and call paths as wide and as deep as a result may hold. */
function withManyFunctions(): Result {
  const name = (index: number): string => `app/${"<".repeat(40)}.js:${index} ${"<".repeat(90)}${index}`;
  const cpuUs = Object.fromEntries(
    Array.from({ length: 10_000 }, (_, index) => [
      Array.from({ length: 1 + (index % 30) }, (_, depth) => name(index - (index % 30) + depth)).join(" > "),
      index % 7 === 0 ? 40 : 0.5,
    ]),
  );
  const program = { calls: {}, cpuUs };
  return {
    ...large(200, 12),
    explanation: explained(program, program, { blocks: 3, counts: false }),
  };
}

describe("the HTML report", () => {
  test.each(Object.keys(SAMPLES))("asks for nothing from anywhere and runs no script: %s", (name) => {
    const html = renderReportPage(SAMPLES[name]!());
    expect(html).toContain("default-src 'none'");
    expect(html).not.toMatch(/<(?:script|img|iframe|link|object|embed|form|base)\b/iu);
    const attributes = Array.from(html.matchAll(/<[a-z][^>]*>/giu), ([tag]) => tag.replace(/"[^"]*"/gu, ""));
    expect(attributes.join("\n")).not.toMatch(/\s(?:src|srcset|on\w+|action)\b/iu);
    expect(Array.from(html.matchAll(/href="([^"]*)"/gu), (match) => match[1]![0])).toEqual(
      Array.from(html.matchAll(/href=/gu), () => "#"),
    );
    expect(html).not.toMatch(/NaN|Infinity|undefined|\[object/u);
  });

  test.each([
    ["10 scenarios in 40 blocks", () => large(10, 40)],
    ["200 scenarios in 12 blocks", () => large(200, 12)],
    [
      "200 scenarios with names of 300 wide characters",
      () => large(200, 6, (index) => `${index}${"語".repeat(298)}`),
    ],
    ["names made of markup", () => large(200, 6, (index) => `${index}${"<".repeat(298)}`)],
    ["200 scenarios, and profiles of 10,000 functions with names made of markup", withManyFunctions],
  ])("stays under one megabyte: %s", (_, make) => {
    expect(Buffer.byteLength(renderReportPage(make()))).toBeLessThan(1_000_000);
  });

  test("draws the scenario that needs attention when there is no room for all, and says so", () => {
    const slow = sampleResult({
      scenarios: Array.from({ length: 200 }, (_, index) => `scenario ${index}`),
      blocks: 12,
      slower: { "scenario 190": 1.3 },
    });
    const html = renderReportPage(slow);
    expect(html).toContain('id="scenario-190"');
    expect(html).toMatch(/\d+ more scenarios are not drawn/u);
  });

  test("ends with the logs it was given, shortened from the front", () => {
    const html = renderReportPage(SAMPLES["pass"]!(), {
      logs: [{ arm: "head", text: `start${"x".repeat(200_000)}<the end>` }],
    });
    expect(html).toContain("&#60;the end&#62;");
    expect(html).not.toContain("startx");
  });

  test("holds everything that a reader may look for", () => {
    const html = renderReportPage(SAMPLES["regression"]!());
    for (const part of [
      "Where the requests lie",
      "Percentiles, with the tail drawn out",
      "Change, block by block",
      "CPU time per request",
      "Memory at its peak",
      "Blocks in time",
      "Load generator: lateness, p99",
      "How it was measured",
      "How to reproduce it on your own machine",
      "npx tailgate run --base 1f0c2ab --head 9d4e7b1 --seed 42",
    ]) {
      expect(html).toContain(part);
    }
  });
});

const executablePath = browserPath();
describe.skipIf(executablePath === null)(
  executablePath === null ? `the HTML report in a browser: ${NO_BROWSER}` : "the HTML report in a browser",
  () => {
    let browser: Browser;
    let folder: string;
    beforeAll(async () => {
      browser = await chromium.launch({ executablePath: executablePath!, args: ["--no-sandbox"] });
      folder = await mkdtemp(join(tmpdir(), "tailgate-html-"));
    });
    afterAll(async () => {
      await browser.close();
      await rm(folder, { recursive: true });
    });

    async function opened(
      name: string,
      html: string,
      scheme: "light" | "dark" = "light",
      width = 1100,
    ): Promise<Page> {
      const file = join(folder, `${name}.html`);
      await writeFile(file, html);
      const page = await browser.newPage({
        colorScheme: scheme,
        viewport: { width, height: 900 },
        bypassCSP: true,
      });
      await page.goto(pathToFileURL(file).href);
      return page;
    }

    async function violations(page: Page): Promise<string[]> {
      await page.evaluate(axe.source);
      const found = await page.evaluate(
        "axe.run(document, { resultTypes: ['violations'] }).then((result) => result.violations.map((one) => `${one.impact} ${one.id}: ${one.nodes.slice(0, 2).map((node) => node.html.slice(0, 120)).join(' / ')}`))",
      );
      return found as string[];
    }

    test.each([
      ["regression", "light"],
      ["regression", "dark"],
      ["stacks", "light"],
      ["hostile", "dark"],
      ["explained", "light"],
      ["explained", "dark"],
      ["explained-hostile", "light"],
      ["scripts", "light"],
      ["invalid", "light"],
      ["empty", "dark"],
      ["one-arm", "light"],
    ] as const)("%s in %s: axe finds nothing", async (name, scheme) => {
      const page = await opened(name, renderReportPage(SAMPLES[name]!()), scheme);
      await page.evaluate("document.querySelectorAll('details').forEach((one) => { one.open = true; })");
      expect(await violations(page)).toEqual([]);
      await page.close();
    });

    test.each(Object.keys(SAMPLES))("%s: opens without an error, a request or a dialogue", async (name) => {
      const page = await browser.newPage();
      const events: string[] = [];
      page.on("console", (message) => events.push(message.text()));
      page.on("pageerror", (error) => events.push(error.message));
      page.on("dialog", (dialog) => {
        events.push(dialog.message());
        void dialog.dismiss();
      });
      page.on("request", (request) => {
        if (!request.url().startsWith("file:")) events.push(request.url());
      });
      const file = join(folder, `${name}-plain.html`);
      await writeFile(file, renderReportPage(SAMPLES[name]!()));
      await page.goto(pathToFileURL(file).href);
      expect(events).toEqual([]);
      expect(await page.locator("h1").count()).toBe(1);
      await page.close();
    });

    test("a phone scrolls tables, not the page", async () => {
      for (const name of ["regression", "hostile", "scripts", "explained", "explained-hostile"]) {
        const page = await opened(`${name}-phone`, renderReportPage(SAMPLES[name]!()), "light", 390);
        const wide = await page.evaluate("document.documentElement.scrollWidth");
        expect(wide).toBeLessThanOrEqual(390);
        await page.close();
      }
    });

    test("by keyboard alone: folds open, links lead to their scenario", async () => {
      const page = await opened("keyboard", renderReportPage(SAMPLES["regression"]!()));
      await page.locator("summary", { hasText: "unchanged" }).focus();
      await page.keyboard.press("Enter");
      expect(await page.getByRole("row", { name: /one user p50/u }).isVisible()).toBe(true);
      await page.getByRole("navigation").getByRole("link", { name: "one user" }).focus();
      await page.keyboard.press("Enter");
      await page.waitForURL(/#scenario-1$/u);
      await page.close();
    });

    test("every picture says in words what it shows", async () => {
      const page = await opened("words", renderReportPage(SAMPLES["regression"]!()));
      const labels: string[] = [];
      for (const image of await page.getByRole("img").all())
        labels.push((await image.getAttribute("aria-label")) ?? "");
      expect(labels.length).toBeGreaterThan(20);
      for (const label of labels) expect(label).toMatch(/\d/u);
      expect(labels.join("\n")).toContain("base: half of the requests within");
      await page.close();
    });

    test("10 scenarios in 40 blocks are painted, all of them", async () => {
      const page = await opened("large", renderReportPage(large(10, 40)));
      expect(await page.locator("section[aria-labelledby^=scenario]").count()).toBe(10);
      const paint = await page.evaluate("performance.getEntriesByName('first-contentful-paint').length");
      expect(paint).toBe(1);
      await page.close();
    });
  },
);
