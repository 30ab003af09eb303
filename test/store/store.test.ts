import { appendFile, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { z } from "zod";
import type { Block } from "../../src/model/block.js";
import { blockStore } from "../../src/store/block-store.js";
import { lineStore } from "../../src/store/line-store.js";
import { singleDocumentStore } from "../../src/store/single-document-store.js";
import type { DocumentKind, Store } from "../../src/store/store.js";
import { madeUpBlocks, madeUpPlan } from "../verdict/made-up-run.js";
import { memoryStore } from "./memory-store.js";

interface Entry {
  readonly id: number;
  readonly text: string;
}

const KIND: DocumentKind<Entry> = {
  schema: z.object({ id: z.int(), text: z.string() }),
  identityOf: ({ id }) => String(id),
  name: "an entry",
  hint: "Remove it.",
};

const ONE: Entry = { id: 1, text: "one\nline\u2028or more" };
const TWO: Entry = { id: 2, text: "" };
const THREE: Entry = { id: 3, text: "three" };

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "tailgate-store-"));
});
afterEach(async () => {
  await rm(folder, { recursive: true, force: true });
});

async function holding(store: Store<Entry>, ...entries: readonly Entry[]): Promise<Store<Entry>> {
  for (const entry of entries) await store.append(entry);
  return store;
}

describe.each<[string, () => Store<Entry>]>([
  ["a store of lines", () => lineStore(join(folder, "entries.ndjson"), KIND)],
  ["a store in memory", () => memoryStore(KIND)],
])("%s", (_, open) => {
  test("holds nothing before the first document", async () => {
    expect(await open().read()).toEqual([]);
  });

  test("gives its documents back in the order in which they came", async () => {
    expect(await (await holding(open(), TWO, ONE)).read()).toEqual([TWO, ONE]);
  });

  test("takes over the documents of another store that it lacks, and each only once", async () => {
    const own = await holding(open(), ONE, TWO);
    const other = await holding(memoryStore(KIND), TWO, THREE, THREE);
    expect(await own.merge(other)).toBe(1);
    expect(await own.merge(other)).toBe(0);
    expect(await own.read()).toEqual([ONE, TWO, THREE]);
    expect(await other.read()).toHaveLength(3);
  });
});

describe("a store of lines", () => {
  const file = (): string => join(folder, "entries.ndjson");
  const open = (): Store<Entry> => lineStore(file(), KIND);

  test("is found again by the next process", async () => {
    await holding(open(), ONE, TWO);
    expect(await open().read()).toEqual([ONE, TWO]);
  });

  test("leaves out a last line that was cut off by a crash, and does not touch it by reading", async () => {
    await holding(open(), ONE);
    await appendFile(file(), '{"id":2,"te');
    expect(await open().read()).toEqual([ONE]);
    expect(await readFile(file(), "utf8")).toMatch(/\{"id":2,"te$/);
  });

  test("puts the next document in the place of a line that was cut off", async () => {
    await holding(open(), ONE);
    await appendFile(file(), '{"id":2,"te');
    await holding(open(), THREE);
    expect(await open().read()).toEqual([ONE, THREE]);
  });

  test.each(["{nonsense", '{"id":"2","text":""}', "null"])(
    "refuses a line that reads %s, and names it",
    async (line) => {
      await writeFile(file(), `${JSON.stringify(ONE)}\n${line}\n`);
      await expect(open().read()).rejects.toMatchObject({
        code: "artifact",
        message: `Line 2 of ${file()} is not an entry that this version of Tailgate wrote.`,
        hint: "Remove it.",
      });
    },
  );
});

describe("a store of a single document", () => {
  const open = (): Store<Entry> => singleDocumentStore(join(folder, "entry.json"), KIND);

  test("holds nothing at first, and then the document that came last", async () => {
    expect(await open().read()).toEqual([]);
    expect(await (await holding(open(), ONE, TWO)).read()).toEqual([TWO]);
  });

  test("takes over another store's last document unless it holds that already", async () => {
    const own = await holding(open(), ONE);
    expect(await own.merge(await holding(memoryStore(KIND), ONE))).toBe(0);
    expect(await own.merge(await holding(memoryStore(KIND), TWO, THREE))).toBe(1);
    expect(await own.read()).toEqual([THREE]);
  });

  test("refuses a file that it did not write", async () => {
    await writeFile(join(folder, "entry.json"), "[]");
    await expect(open().read()).rejects.toThrow("entry.json is not an entry that this version");
  });
});

test("blocks come back from their file as they were measured", async () => {
  const blocks = madeUpBlocks(madeUpPlan(), 3);
  const store = blockStore(join(folder, "blocks.ndjson"), "Measure again.");
  for (const block of blocks) await store.append(block);
  expect(await store.read()).toEqual(blocks);
});

test("a block that was tried again is another block than its first try", async () => {
  const [block] = madeUpBlocks(madeUpPlan(), 1);
  const store = blockStore(join(folder, "blocks.ndjson"), "Measure again.");
  await store.append(block!);
  const again = memoryStore<Block>({ identityOf: () => "" });
  await again.append({ ...block!, attempt: 2 });
  expect(await store.merge(again)).toBe(1);
});
