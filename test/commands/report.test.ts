import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { report, reportCommand, type ReportIo } from "../../src/commands/report.js";
import { sampleResult } from "../reporters/sample-result.js";

const RESULT = JSON.stringify(sampleResult());

/** A result in memory, and everything that was written. */
function bench(text: string) {
  const written = new Map<string, string>();
  const out: string[] = [];
  const err: string[] = [];
  const io: ReportIo = {
    read: () => Promise.resolve(text),
    write: (folder, name, text) => {
      written.set(`${folder}/${name}`, text);
      return Promise.resolve(`${folder}/${name}`);
    },
    stdout: { write: (text) => out.push(text) },
    stderr: { write: (text) => err.push(text) },
  };
  return { io, written, out, err };
}

describe("tailgate report", () => {
  test.each([
    ["md", /^### 🟢 Pass/u],
    ["html", /^<!doctype html>/u],
    ["json", /^\{\n "schema": "tailgate\/result@1"/u],
  ] as const)("report prints %s to standard output and nothing else", async (format, begins) => {
    const { io, out, err, written } = bench(RESULT);
    expect(await report({ file: "result.json", format: [format] }, io)).toBe(0);
    expect(out).toHaveLength(1);
    expect(out[0]).toMatch(begins);
    expect(err).toEqual([]);
    expect(written.size).toBe(0);
  });

  test("report writes every format into a folder and says where", async () => {
    const { io, out, err, written } = bench(RESULT);
    await report({ file: "result.json", format: ["md", "html", "json", "md"], out: "reports" }, io);
    expect([...written.keys()]).toEqual(["reports/report.md", "reports/report.html", "reports/result.json"]);
    expect(err.join("")).toBe("reports/report.md\nreports/report.html\nreports/result.json\n");
    expect(out).toEqual([]);
  });

  test("a result that is rendered as JSON again is the same", async () => {
    const { io, out } = bench(RESULT);
    await report({ file: "result.json", format: ["json"] }, io);
    expect(JSON.parse(out[0]!)).toEqual(JSON.parse(RESULT));
  });

  test("report shows a regression with exit code 0", async () => {
    const { io } = bench(JSON.stringify(sampleResult({ verdict: "regression" })));
    expect(await report({ file: "result.json", format: ["md"] }, io)).toBe(0);
  });

  test("several formats without a folder are refused", async () => {
    const { io } = bench(RESULT);
    await expect(report({ file: "result.json", format: ["md", "html"] }, io)).rejects.toMatchObject({
      code: "config",
      hint: "Give a folder with --out, or one --format.",
    });
  });
});

describe("tailgate report on the command line", () => {
  let folder: string;
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), "tailgate-report-"));
    await writeFile(join(folder, "result.json"), RESULT);
  });
  afterEach(() => rm(folder, { recursive: true }));

  function streams(input: readonly string[] = []) {
    const out: string[] = [];
    async function* stdin() {
      for (const part of input) yield await Promise.resolve(new TextEncoder().encode(part));
    }
    const silent = { write: () => true };
    return {
      out,
      streams: { stdin: stdin(), stdout: { write: (text: string) => out.push(text) }, stderr: silent },
    };
  }

  test("report takes formats separated by commas, and makes the folder", async () => {
    const out = join(folder, "new", "reports");
    await reportCommand({ file: join(folder, "result.json"), format: "md, html", out }, streams().streams);
    expect(await readFile(join(out, "report.md"), "utf8")).toMatch(/^### /u);
    expect(await readFile(join(out, "report.html"), "utf8")).toMatch(/^<!doctype html>/u);
  });

  test("report reads standard input for -, in whatever pieces it comes", async () => {
    const { out, streams: all } = streams([RESULT.slice(0, 777), RESULT.slice(777)]);
    await reportCommand({ file: "-", format: "md" }, all);
    expect(out.join("")).toMatch(/^### /u);
  });

  test.each<[string, string | Uint8Array | null, string]>([
    ["no such file", null, "there is no such file"],
    ["an empty file", "", "is empty"],
    ["another version", RESULT.replace("result@1", "result@9"), "tailgate/result@9"],
    ["bytes that are no text", new Uint8Array([0xff, 0xfe, 0x00, 0xc3, 0x28]), "not UTF-8"],
    ["half a file", RESULT.slice(0, 999), "not valid JSON"],
  ])("a result is refused with a reason: %s", async (_, content, said) => {
    const file = join(folder, "given.json");
    if (content !== null) await writeFile(file, content);
    const { out, streams: all } = streams();
    const refusal = reportCommand({ file, format: "md" }, all);
    await expect(refusal).rejects.toMatchObject({ name: "TailgateError", code: "artifact" });
    await expect(refusal).rejects.toThrow(said);
    expect(out).toEqual([]);
  });

  test("an unknown format names the known ones", () => {
    const call = (): Promise<number> => reportCommand({ file: "x", format: "pdf" }, streams().streams);
    expect(call).toThrow('There is no format "pdf".');
  });
});
