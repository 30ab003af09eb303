import { execFile } from "node:child_process";
import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { expect, test } from "vitest";
import { z } from "zod";
import { parseObservations } from "../../src/model/parse-observations.js";
import { SAMPLES } from "../reporters/samples.js";

const root = join(import.meta.dirname, "../..");
const NAMES = ["result-1.schema.json", "observations-1.schema.json", "history-1.schema.json"];

async function published(name: string): Promise<z.ZodType> {
  return z.fromJSONSchema(JSON.parse(await readFile(join(root, "schema", name), "utf8")) as never);
}

test("the published schemas are those that the code writes", async () => {
  const folder = await mkdtemp(join(tmpdir(), "tailgate-schemas-"));
  try {
    await promisify(execFile)(process.execPath, [join(root, "scripts/schemas.mjs"), folder], { cwd: root });
    for (const name of NAMES) {
      expect(await readFile(join(root, "schema", name), "utf8"), `run: node scripts/schemas.mjs`).toBe(
        await readFile(join(folder, name), "utf8"),
      );
    }
  } finally {
    await rm(folder, { recursive: true });
  }
});

test("every sample result is valid under the published schema, and a damaged one is not", async () => {
  const schema = await published(NAMES[0]!);
  for (const make of Object.values(SAMPLES)) expect(schema.safeParse(make()).success).toBe(true);
  expect(schema.safeParse({ ...SAMPLES["pass"]!(), verdict: "fine" }).success).toBe(false);
});

const DOCUMENT = {
  schema: "tailgate/observations@1",
  baseline: "base",
  cells: [{ metric: "p50", worse: "higher", limit: 0.05, values: { base: [1, 2, 3], head: [1, 2, 3] } }],
};

test.each([
  ["the least that is needed", DOCUMENT, true],
  ["everything", { ...DOCUMENT, alpha: 0.1, looks: [12, 20], seed: 7, strict: true, control: null }, true],
  ["an acceptance", { ...DOCUMENT, cells: [{ ...DOCUMENT.cells[0]!, accepted: 0.3 }] }, true],
  ["no acceptance", { ...DOCUMENT, cells: [{ ...DOCUMENT.cells[0]!, accepted: null }] }, true],
  ["an acceptance of 1000 %", { ...DOCUMENT, cells: [{ ...DOCUMENT.cells[0]!, accepted: 10 }] }, false],
  ["another schema", { ...DOCUMENT, schema: "other" }, false],
  ["no cells", { ...DOCUMENT, cells: [] }, false],
  ["an alpha of one", { ...DOCUMENT, alpha: 1 }, false],
  ["a look at two blocks", { ...DOCUMENT, looks: [2] }, false],
  [
    "a text among the values",
    { ...DOCUMENT, cells: [{ ...DOCUMENT.cells[0]!, values: { base: ["1"], head: [1] } }] },
    false,
  ],
  ["an unknown direction", { ...DOCUMENT, cells: [{ ...DOCUMENT.cells[0]!, worse: "sideways" }] }, false],
  ["half a seed", { ...DOCUMENT, seed: 0.5 }, false],
])("the schema of observations and the reader agree on %s", async (_, document, taken) => {
  expect((await published(NAMES[1]!)).safeParse(document).success).toBe(taken);
  const read = (): unknown => parseObservations(document);
  if (taken) expect(read).not.toThrow();
  else expect(read).toThrow();
});
