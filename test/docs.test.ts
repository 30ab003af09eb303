import { execFileSync } from "node:child_process";
import { existsSync, readFileSync, readdirSync } from "node:fs";
import { dirname, join, resolve } from "node:path";
import { describe, expect, test } from "vitest";
import { parse } from "yaml";
import { markdownFiles, yamlBlocks } from "../scripts/documented-workflows.mjs";
import { readConfigFile } from "../src/config/file/read-file.js";
import { bundles } from "./parts/bundles.js";

/* What the documentation names must exist: commands, flags, scripts, keys, files. */

const ROOT = resolve(import.meta.dirname, "..");
const files = markdownFiles(ROOT);
const textOf = (file: string): string => readFileSync(join(ROOT, file), "utf8");

interface Named {
  readonly file: string;
  readonly text: string;
}

/** Lines of shell blocks, and pieces of inline code. */
const code: Named[] = files.flatMap((file) => {
  const text = textOf(file);
  const fenced = [...text.matchAll(/^```(?:sh|bash)\n(.*?)^```$/gms)].flatMap((block) =>
    block[1]!.split("\n"),
  );
  const indented = text.split("\n").filter((line) => line.startsWith("    "));
  const prose = text.replace(/^```.*?^```$/gms, "");
  const inline = [...prose.matchAll(/`([^`\n]+)`/g)].map((found) => found[1]!);
  return [...fenced, ...indented, ...inline].map((line) => ({ file, text: line.trim() }));
});

test("the walk sees the documentation", () => {
  expect(files).toEqual(expect.arrayContaining(["README.md", "CONTRIBUTING.md", "docs/configuration.md"]));
  expect(code.length).toBeGreaterThan(200);
});

describe("commands", () => {
  const helps = new Map<string, string>();
  const help = (command: string): string => {
    const known = helps.get(command);
    if (known !== undefined) return known;
    const args = [join(bundles(), "cli.js"), ...(command === "" ? [] : [command]), "--help"];
    const text = execFileSync(process.execPath, args, {
      encoding: "utf8",
      env: { ...process.env, COLUMNS: "200" },
    });
    helps.set(command, text);
    return text;
  };
  const calls = code.flatMap(({ file, text }) =>
    [...text.matchAll(/(?:^|\s)(?:tailgate|node dist\/cli\.js) ([a-z]+)\b([^#&|]*)/g)].map((found) => ({
      file,
      command: found[1]!,
      flags: [...found[2]!.matchAll(/(?:^|\s)(--[a-z-]+)/g)].map((flag) => flag[1]!),
      // In a table or a sentence the value of a flag may be a word in capitals.
      text,
    })),
  );

  test("are named", () => {
    expect(new Set(calls.map(({ command }) => command))).toEqual(
      new Set([
        "demo",
        "init",
        "run",
        "explain",
        "judge",
        "load",
        "calibrate",
        "report",
        "history",
        "bisect",
        "merge",
      ]),
    );
    expect(calls.filter(({ flags }) => flags.length > 0).length).toBeGreaterThan(5);
  });

  test("exist, with every flag that they are shown with", () => {
    const commands = [...help("").matchAll(/^ {2}([a-z]+)\b/gm)].map((found) => found[1]!);
    for (const { file, command, flags, text } of calls) {
      expect(commands, `${file}: ${text}`).toContain(command);
      for (const flag of flags) expect(help(command), `${file}: ${text}`).toContain(flag);
    }
  });

  test("flags that stand alone belong to some command", () => {
    const all = [
      "run",
      "explain",
      "init",
      "judge",
      "load",
      "calibrate",
      "report",
      "history",
      "bisect",
      "demo",
    ]
      .map(help)
      .join("\n");
    const alone = code.filter(({ text }) => /^--[a-z-]+( [\w.~-]+)?$/.test(text));
    expect(alone.length).toBeGreaterThan(3);
    for (const { file, text } of alone) {
      const flag = text.split(" ")[0]!;
      // `--only` and its like are flags of a bench, which a page with measurements shows.
      const ofBench = /^docs\/(service|load|statistics)\.md$/.test(file);
      if (!ofBench) expect(all, `${file}: ${text}`).toContain(flag);
    }
  });
});

test("npm scripts and scripts of the repository that are named exist", () => {
  const { scripts } = JSON.parse(textOf("package.json")) as { scripts: Record<string, string> };
  const runs = code.flatMap(({ file, text }) =>
    [...text.matchAll(/\bnpm run ([a-z:]+)/g)].map((found) => ({ file, name: found[1]! })),
  );
  const own = code.flatMap(({ file, text }) =>
    [...text.matchAll(/\b(?:scripts|bench|test|src|schema)\/[\w./-]*\.\w+/g)].map((found) => ({
      file,
      path: found[0],
    })),
  );
  expect(runs.length).toBeGreaterThan(5);
  expect(own.length).toBeGreaterThan(5);
  for (const { file, name } of runs) {
    // A workflow's own commands, such as the database of a service, are the user's.
    if (!/^db:|^build$/.test(name)) expect(Object.keys(scripts), `${file}: npm run ${name}`).toContain(name);
  }
  for (const { file, path } of own) expect(existsSync(join(ROOT, path)), `${file}: ${path}`).toBe(true);
});

describe("tailgate.yml as it is shown", () => {
  const isWorkflow = (content: unknown): boolean =>
    Array.isArray(content) ||
    (typeof content === "object" &&
      content !== null &&
      ("jobs" in content || "on" in content || "steps" in content));
  const shown = yamlBlocks(ROOT).filter(({ text }) => !isWorkflow(parse(text)));

  test("is shown", () => {
    expect(shown.length).toBeGreaterThan(10);
  });

  test.each(shown.map(({ file, line, text }) => ({ name: `${file}:${line}`, text })))(
    "$name is valid",
    ({ name, text }) => {
      expect(() => readConfigFile(new TextEncoder().encode(text), name)).not.toThrow();
    },
  );
});

test("links lead to files and headings that exist", () => {
  const anchorsOf = (file: string): string[] =>
    [
      ...textOf(file)
        .replace(/^```.*?^```$/gms, "")
        .matchAll(/^#+ (.+)$/gm),
    ].map((found) =>
      found[1]!
        .toLowerCase()
        .replace(/[^\p{L}\p{N}\s_-]/gu, "")
        .trim()
        .replace(/\s/g, "-"),
    );
  const broken = files.flatMap((file) =>
    [...textOf(file).matchAll(/\]\(([^)\s]+)\)/g)]
      .map((found) => found[1]!)
      .filter((link) => !/^(https?:|mailto:)/.test(link))
      .filter((link) => {
        const [path = "", anchor] = link.split("#");
        const target = path === "" ? file : join(dirname(file), path);
        if (!existsSync(join(ROOT, target))) return true;
        return anchor !== undefined && !anchorsOf(target).includes(anchor);
      })
      .map((link) => `${file}: ${link}`),
  );
  expect(broken).toEqual([]);
});

test("every path in src, test and bench that a page names exists", () => {
  const pages = files.filter((file) => !file.startsWith("examples"));
  const named = pages.flatMap((file) =>
    [...textOf(file).matchAll(/(?<![\w./-])(?:src|test|bench)\/[\w./-]*\w/g)].map(([path]) => ({
      file,
      path,
    })),
  );
  expect(new Set(named.map(({ path }) => path.split("/")[0]))).toEqual(new Set(["src", "test", "bench"]));
  expect(named.filter(({ path }) => !existsSync(join(ROOT, path)))).toEqual([]);
});

test("the table of rooms has a row for each folder of src, and none besides", () => {
  const rows = [...textOf("docs/architecture.md").matchAll(/^\| `([a-z]+)\/` /gm)].map((found) => found[1]!);
  const folders = readdirSync(join(ROOT, "src"), { withFileTypes: true })
    .filter((entry) => entry.isDirectory())
    .map(({ name }) => name);
  expect(rows.toSorted()).toEqual(folders.toSorted());
});

test("figures of the README's table stand in the pages that it links", () => {
  const table = /^## Measured\n(.*?)^## /ms.exec(textOf("README.md"))![1]!;
  const rows = table.split("\n").filter((line) => /^\| (?!what|-)/.test(line));
  expect(rows.length).toBeGreaterThan(3);
  const pages = ["docs/statistics.md", "docs/load.md", "docs/calibration.md"].map(textOf).join("\n");
  for (const row of rows) {
    const numbers = row.match(/\d+\.\d+\b/g) ?? [];
    expect(numbers.length, row).toBeGreaterThan(0);
    for (const number of numbers) expect(pages, row).toContain(number);
  }
});
