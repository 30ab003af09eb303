import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Readable } from "node:stream";
import { afterAll, describe, expect, test } from "vitest";
import { judgeCommand } from "../../../src/commands/judge/judge.js";
import { noisy, observations, observedCell } from "../../verdict/made-up-observations.js";

const folder = mkdtempSync(join(tmpdir(), "tailgate-judge-"));
afterAll(() => {
  rmSync(folder, { recursive: true });
});

const PASS = observations([observedCell()]);
const REGRESSION = observations([observedCell({ factor: 1.2 })]);

interface Printed {
  readonly exitCode: number;
  readonly stdout: string;
  readonly stderr: string;
}

async function judged(input: Iterable<string | Buffer>, json = true, file = "-"): Promise<Printed> {
  const [stdout, stderr]: [string[], string[]] = [[], []];
  const exitCode = await judgeCommand(
    { file, json },
    {
      stdin: Readable.from(input),
      stdout: { write: (text: string) => stdout.push(text) },
      stderr: { write: (text: string) => stderr.push(text) },
    },
  );
  return { exitCode, stdout: stdout.join(""), stderr: stderr.join("") };
}

const line = (document: unknown): string => `${JSON.stringify(document)}\n`;
const documents = ({ stdout }: Printed) =>
  stdout
    .trimEnd()
    .split("\n")
    .map((text) => JSON.parse(text) as { verdict?: string; error?: { line: number; message: string } });

describe("one document", () => {
  test("one document gives one line, whether it has one line, many, or a byte order mark", async () => {
    for (const text of [
      line(PASS),
      JSON.stringify(PASS, null, 2),
      `\uFEFF${JSON.stringify(PASS)}`,
      `\n\n${line(PASS)}\n`,
    ]) {
      const printed = await judged([Buffer.from(text)]);
      expect(documents(printed)).toMatchObject([{ verdict: "pass", look: 12 }]);
      expect(printed).toMatchObject({ exitCode: 0, stderr: "" });
    }
  });

  test("a document may come from a file, and cut anywhere", async () => {
    const file = join(folder, "one.json");
    writeFileSync(file, JSON.stringify(REGRESSION, null, 1));
    expect((await judged([], true, file)).exitCode).toBe(1);
    const bytes = Buffer.from(
      line({ ...REGRESSION, cells: [observedCell({ scenario: "Übersicht 😀", factor: 1.2 })] }),
    );
    const cut = Array.from({ length: bytes.length }, (_, i) => bytes.subarray(i, i + 1));
    expect((await judged(cut)).stdout).toContain("Übersicht 😀");
  });

  test("a judgement says what was found for every cell", async () => {
    const [printed] = documents(await judged([line(REGRESSION)])) as unknown as [{ cells: object[] }];
    expect(Object.keys(printed.cells[0]!)).toEqual(
      expect.arrayContaining([
        ...["scenario", "metric", "arm", "trimmedMean", "standardError", "t", "pAdjusted"],
        ...["low", "high", "change", "verdict", "minimumDetectable"],
      ]),
    );
  });
});

describe("several documents, one a line,", () => {
  test("several documents are judged one by one, and a regression among them makes the exit code 1", async () => {
    const printed = await judged([line(PASS), line(REGRESSION), line(PASS)]);
    expect(documents(printed).map(({ verdict }) => verdict)).toEqual(["pass", "regression", "pass"]);
    expect(printed.exitCode).toBe(1);
  });

  test("a document is judged as soon as it has arrived", async () => {
    const seen: string[] = [];
    async function* slowly() {
      yield line(PASS);
      await new Promise((resolve) => setImmediate(resolve));
      expect(seen).toHaveLength(1);
      yield line(REGRESSION);
    }
    const streams = {
      stdin: slowly(),
      stdout: { write: (text: string) => seen.push(text) },
      stderr: { write: () => true },
    };
    expect(await judgeCommand({ file: "-", json: true }, streams)).toBe(1);
    expect(seen).toHaveLength(2);
  });

  test("a bad document leaves the others alone and makes the exit code 2", async () => {
    const printed = await judged([
      line(REGRESSION),
      '{"schema": nonsense}\n',
      line({ ...PASS, alpha: 5 }),
      line(PASS),
    ]);
    expect(documents(printed)).toMatchObject([
      { verdict: "regression" },
      { error: { line: 2 } },
      { error: { line: 3, message: expect.stringContaining('"alpha" is 5') as string } },
      { verdict: "pass" },
    ]);
    expect(printed.exitCode).toBe(2);
    expect(printed.stderr).toContain("line 2: the document is not JSON");
  });

  test("a bad first document leaves the others alone", async () => {
    const printed = await judged(['{"schema": "tailgate/obs\n', line(PASS)]);
    expect(documents(printed)).toMatchObject([{ error: { line: 1 } }, { verdict: "pass" }]);
    expect(printed.exitCode).toBe(2);
  });
});

describe("an input that is no document", () => {
  test.each([
    ["prose", "not json at all\nnor this\n", "not JSON"],
    ["NaN", '{"schema":"tailgate/observations@1","alpha":NaN}', "not JSON"],
    ["half a document", JSON.stringify(PASS, null, 2).slice(0, 200), "not JSON"],
    ["nesting without end", "[".repeat(100_000) + "]".repeat(100_000), "not a JSON object"],
    ["control characters", '\u0000\u001b[31m{"a"', "not JSON"],
  ])("an input with %s is refused once, with exit code 2", async (_name, text, message) => {
    const printed = await judged([text]);
    expect(documents(printed)).toMatchObject([
      { error: { message: expect.stringContaining(message) as string } },
    ]);
    expect(printed.exitCode).toBe(2);
    expect(printed.stderr).not.toContain("\u001b");
  });

  test("an empty input, a folder, and a file that is not there are refused with a hint", async () => {
    await expect(judged([" \n"])).rejects.toThrow("standard input holds no document");
    await expect(judged([], true, folder)).rejects.toThrow("cannot be read (EISDIR)");
    await expect(judged([], true, join(folder, "absent.json"))).rejects.toThrow("cannot be read (ENOENT)");
  });
});

test("judge without --json writes a table to standard error, and nothing to standard output", async () => {
  const errors = observedCell({
    metric: "errors",
    unit: "share",
    scale: "difference",
    limit: 0.001,
    values: { base: Array<number>(12).fill(0), head: Array<number>(12).fill(0) },
  });
  const document = observations([
    observedCell({ blocks: 12, metric: "p50", limit: 0.05 }),
    observedCell({ blocks: 12, metric: "p95", factor: 1.2, limit: 0.075, seed: 3 }),
    observedCell({ blocks: 12, metric: "p99", spread: 0.3, limit: 0.15, proof: false, seed: 4 }),
    observedCell({ blocks: 12, metric: "throughput", unit: "requests/s", worse: "lower", seed: 5 }),
    observedCell({ blocks: 12, scenario: null, metric: "memory", unit: "bytes", gated: false, seed: 6 }),
    errors,
  ]);
  const printed = await judged([JSON.stringify(document, null, 2)], false);
  expect(printed).toMatchObject({ exitCode: 1, stdout: "" });
  await expect(printed.stderr).toMatchFileSnapshot("golden/judge.txt");
});

test("names from a document cannot paint the terminal", async () => {
  const cell = observedCell({ scenario: "a\u001b[31m\u202e", metric: "p50\n::error::", blocks: 12 });
  const values = { base: noisy(12, 1, 0.01, 1), "h\u001b[2J": noisy(12, 1, 0.01, 2) };
  const { stderr } = await judged([line(observations([{ ...cell, unit: "\u001b[5m", values }]))], false);
  for (const painted of ["\u001b", "\u202e"]) expect(stderr).not.toContain(painted);
  expect(stderr).not.toContain("\n::error::");
});
