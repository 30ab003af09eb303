import { cpSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { parseResultText } from "../../src/model/parse-result.js";
import { VERSION } from "../../src/version.js";
import { node24 } from "../github/parts/node24.js";
import { bundles } from "../parts/bundles.js";
import { runFolders } from "./parts/leftovers.js";
import { type Ended, ended, plainEnvironment } from "./parts/spawned.js";

/* The built command, alone in a folder: nothing is installed beside it. */

const NODES: readonly (readonly [name: string, executable: string])[] = [
  ["this Node.js", process.execPath],
  ["Node.js 24", node24()],
];

let folder: string;
/** Both at once, from the start: most of a demo is waiting. */
const demos = new Map<string, Promise<Ended>>();

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "e2e-command-"));
  cpSync(bundles(), join(folder, "dist"), { recursive: true });
  for (const [name, node] of NODES) demos.set(name, tailgate(["demo", "--out", join(folder, name)], node));
});
afterAll(() => {
  rmSync(folder, { recursive: true, force: true });
});

function tailgate(args: readonly string[], node = process.execPath): Promise<Ended> {
  const env = { ...plainEnvironment(), RUNNER_TEMP: folder };
  return ended(node, [join(folder, "dist/cli.js"), ...args], { cwd: folder, env });
}

describe("help", () => {
  test.each([[], ["demo"], ["run"], ["judge"], ["load"], ["calibrate"], ["report"]])(
    "tailgate %s --help",
    async (...command) => {
      const { code, stdout, stderr } = await tailgate([...command, "--help"]);
      expect(stdout).toContain(`Usage: tailgate ${command.join(" ")}`);
      expect(stderr).toBe("");
      expect(code).toBe(0);
    },
  );

  test("the version", async () => {
    expect((await tailgate(["--version"])).stdout).toBe(`${VERSION}\n`);
  });

  test("nothing at all is answered by the help, as a mistake", async () => {
    const { code, stdout, stderr } = await tailgate([]);
    expect(stderr).toContain("Usage: tailgate");
    expect(stdout).toBe("");
    expect(code).toBe(2);
  });
});

describe.each(NODES)("on %s", (name, node) => {
  test("demo walks the whole path, writes its files, and says what a real run would do", async () => {
    const out = join(folder, name);
    const { code, stdout, stderr } = await demos.get(name)!;
    expect(stderr).toMatch(/A real run would exit with [01]/);
    expect(stderr).toContain("list orders");
    expect(stdout).toBe("");
    expect(code).toBe(0);
    const result = parseResultText(readFileSync(join(out, "result.json"), "utf8"));
    // A busy machine may leave it open; it never says that the slow head is fine.
    expect(["regression", "inconclusive"]).toContain(result.verdict);
    expect(readFileSync(join(out, "report.md"), "utf8")).toContain("list orders");
    expect(readFileSync(join(out, "blocks.ndjson"), "utf8").trim().split("\n")).toHaveLength(
      result.blocks.length,
    );
    await Promise.all(demos.values());
    expect(runFolders(folder)).toEqual([]);
  }, 180_000);

  test("a result is rendered again in every format", async () => {
    const file = join(folder, name, "result.json");
    const markdown = await tailgate(["report", file], node);
    expect(markdown.stdout).toBe(readFileSync(join(folder, name, "report.md"), "utf8"));
    const json = await tailgate(["report", file, "--format", "json"], node);
    expect(parseResultText(json.stdout)).toEqual(parseResultText(readFileSync(file, "utf8")));
    // The run's own also holds the end of the services' logs, if they printed anything; the demo's print nothing.
    const html = await tailgate(["report", file, "--format", "html"], node);
    expect(html.stdout).toBe(readFileSync(join(folder, name, "report.html"), "utf8"));
  });

  test("load --json prints one document and nothing else", async () => {
    const server = createServer((_request, response) => response.end("ok")).listen(0, "127.0.0.1");
    await new Promise((ready) => server.once("listening", ready));
    try {
      const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/`;
      const { code, stdout } = await tailgate(
        ["load", "--url", url, "--rate", "200", "--requests", "100", "--json"],
        node,
      );
      expect(JSON.parse(stdout)).toMatchObject({ url, loop: "open", ratePerSecond: 200, requests: 100 });
      expect(code).toBe(0);
    } finally {
      server.close();
    }
  });

  test("judge answers each line of its input by one line, and exits with 1 for a regression", async () => {
    const values = (factor: number): number[] => Array.from({ length: 12 }, (_, i) => factor * (1000 + i));
    const document = (factor: number): string =>
      JSON.stringify({
        schema: "tailgate/observations@1",
        baseline: "base",
        cells: [
          {
            scenario: "a",
            metric: "p50",
            unit: "us",
            worse: "higher",
            limit: 0.05,
            scale: "log",
            values: { base: values(1), head: values(factor) },
          },
        ],
      });
    const { execFileSync } = await import("node:child_process");
    const judged = (input: string): { code: number; lines: { verdict: string }[] } => {
      try {
        const out = execFileSync(node, [join(folder, "dist/cli.js"), "judge", "-", "--json"], {
          input,
          encoding: "utf8",
        });
        return { code: 0, lines: parsed(out) };
      } catch (error) {
        const failed = error as { status: number; stdout: string };
        return { code: failed.status, lines: parsed(failed.stdout) };
      }
    };
    const parsed = (out: string): { verdict: string }[] =>
      out
        .trim()
        .split("\n")
        .map((line) => JSON.parse(line) as { verdict: string });
    expect(judged(document(1))).toMatchObject({ code: 0, lines: [{ verdict: "pass" }] });
    expect(judged(`${document(1)}\n${document(1.2)}\n`)).toMatchObject({
      code: 1,
      lines: [{ verdict: "pass" }, { verdict: "regression" }],
    });
  });
});
