import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Readable } from "node:stream";
import { afterAll, describe, expect, test } from "vitest";
import { judgeCommand } from "../../src/commands/judge/judge.js";
import { noisy, observations, observedCell } from "../verdict/made-up-observations.js";

const folder = mkdtempSync(join(tmpdir(), "tailgate-judge-"));
afterAll(() => {
  rmSync(folder, { recursive: true });
});

const PASS = observations([observedCell()]);
const REGRESSION = observations([observedCell({ factor: 1.2 })]);

interface Answer {
  readonly exitCode: number;
  readonly stdout: string;
  readonly stderr: string;
}

async function judged(input: Iterable<string | Buffer>, json = true, file = "-"): Promise<Answer> {
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
const answers = ({ stdout }: Answer) =>
  stdout
    .trimEnd()
    .split("\n")
    .map((text) => JSON.parse(text) as { verdict?: string; error?: { line: number; message: string } });

describe("one document", () => {
  test("on one line, over many lines, or with a byte order mark gets one line of answer", async () => {
    for (const text of [
      line(PASS),
      JSON.stringify(PASS, null, 2),
      `\uFEFF${JSON.stringify(PASS)}`,
      `\n\n${line(PASS)}\n`,
    ]) {
      const answer = await judged([Buffer.from(text)]);
      expect(answers(answer)).toMatchObject([{ verdict: "pass", look: 12 }]);
      expect(answer).toMatchObject({ exitCode: 0, stderr: "" });
    }
  });

  test("may come from a file, and cut anywhere", async () => {
    const file = join(folder, "one.json");
    writeFileSync(file, JSON.stringify(REGRESSION, null, 1));
    expect((await judged([], true, file)).exitCode).toBe(1);
    const bytes = Buffer.from(
      line({ ...REGRESSION, cells: [observedCell({ scenario: "Übersicht 😀", factor: 1.2 })] }),
    );
    const cut = Array.from({ length: bytes.length }, (_, i) => bytes.subarray(i, i + 1));
    expect((await judged(cut)).stdout).toContain("Übersicht 😀");
  });

  test("says what was found for every cell", async () => {
    const [answer] = answers(await judged([line(REGRESSION)])) as unknown as [{ cells: object[] }];
    expect(Object.keys(answer.cells[0]!)).toEqual(
      expect.arrayContaining([
        ...["scenario", "metric", "arm", "trimmedMean", "standardError", "t", "pAdjusted"],
        ...["low", "high", "change", "verdict", "minimumDetectable"],
      ]),
    );
  });
});

describe("several documents, one a line,", () => {
  test("are each answered, and one regression among them makes it 1", async () => {
    const answer = await judged([line(PASS), line(REGRESSION), line(PASS)]);
    expect(answers(answer).map(({ verdict }) => verdict)).toEqual(["pass", "regression", "pass"]);
    expect(answer.exitCode).toBe(1);
  });

  test("are answered as they arrive", async () => {
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

  test("do not suffer from a bad one between them, which makes it 2", async () => {
    const answer = await judged([
      line(REGRESSION),
      '{"schema": nonsense}\n',
      line({ ...PASS, alpha: 5 }),
      line(PASS),
    ]);
    expect(answers(answer)).toMatchObject([
      { verdict: "regression" },
      { error: { line: 2 } },
      { error: { line: 3, message: expect.stringContaining('"alpha" is 5') as string } },
      { verdict: "pass" },
    ]);
    expect(answer.exitCode).toBe(2);
    expect(answer.stderr).toContain("line 2: the document is not JSON");
  });

  test("do not suffer from a bad first one either", async () => {
    const answer = await judged(['{"schema": "tailgate/obs\n', line(PASS)]);
    expect(answers(answer)).toMatchObject([{ error: { line: 1 } }, { verdict: "pass" }]);
    expect(answer.exitCode).toBe(2);
  });
});

describe("an input that is no document", () => {
  test.each([
    ["prose", "not json at all\nnor this\n", "not JSON"],
    ["NaN", '{"schema":"tailgate/observations@1","alpha":NaN}', "not JSON"],
    ["half a document", JSON.stringify(PASS, null, 2).slice(0, 200), "not JSON"],
    ["nesting without end", "[".repeat(100_000) + "]".repeat(100_000), "not a JSON object"],
    ["control characters", '\u0000\u001b[31m{"a"', "not JSON"],
  ])("such as %s is refused once, with 2", async (_name, text, message) => {
    const answer = await judged([text]);
    expect(answers(answer)).toMatchObject([
      { error: { message: expect.stringContaining(message) as string } },
    ]);
    expect(answer.exitCode).toBe(2);
    expect(answer.stderr).not.toContain("\u001b");
  });

  test("such as an empty one, a folder, or a file that is not there is the user's to mend", async () => {
    await expect(judged([" \n"])).rejects.toThrow("standard input holds no document");
    await expect(judged([], true, folder)).rejects.toThrow("cannot be read (EISDIR)");
    await expect(judged([], true, join(folder, "absent.json"))).rejects.toThrow("cannot be read (ENOENT)");
  });
});

test("without --json people read a table on standard error, and standard output stays empty", async () => {
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
  const answer = await judged([JSON.stringify(document, null, 2)], false);
  expect(answer).toMatchObject({ exitCode: 1, stdout: "" });
  await expect(answer.stderr).toMatchFileSnapshot("golden/judge.txt");
});

test("names from a document cannot paint the terminal", async () => {
  const cell = observedCell({ scenario: "a\u001b[31m\u202e", metric: "p50\n::error::", blocks: 12 });
  const values = { base: noisy(12, 1, 0.01, 1), "h\u001b[2J": noisy(12, 1, 0.01, 2) };
  const { stderr } = await judged([line(observations([{ ...cell, unit: "\u001b[5m", values }]))], false);
  for (const painted of ["\u001b", "\u202e"]) expect(stderr).not.toContain(painted);
  expect(stderr).not.toContain("\n::error::");
});
