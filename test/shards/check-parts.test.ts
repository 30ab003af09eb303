import { describe, expect, test } from "vitest";
import { TailgateError } from "../../src/error.js";
import type { ShardDocument } from "../../src/model/shard.js";
import { checkedShards } from "../../src/shards/check-parts.js";
import { madeUpShards } from "./made-up-shards.js";

const [ONE, TWO] = madeUpShards(2, 2) as [ShardDocument, ShardDocument];

/** What is said of these parts; each file is named after its place. */
function refusal(...documents: ShardDocument[]): string {
  try {
    checkedShards(documents.map((document, place) => ({ file: `${place}.json`, document })));
  } catch (error) {
    if (error instanceof TailgateError) return `${error.message} ${error.hint}`;
  }
  throw new Error("it was taken");
}

describe("parts of a run", () => {
  test("come in the order of their numbers, without the pilot", () => {
    const parts = [TWO, { ...ONE, part: "pilot" as const, blocks: [] }, ONE];
    const shards = checkedShards(parts.map((document) => ({ file: "f", document })));
    expect(shards.map(({ part }) => part)).toEqual([1, 2]);
  });

  const pulled = { ...TWO.arms[1]!, revision: { sha: "c".repeat(40), label: "", dirty: false } };
  test.each([
    [
      "another version",
      { environment: { ...TWO.environment, tailgate: "9.9.9" } },
      "their version of Tailgate differs",
    ],
    ["another commit", { arms: [TWO.arms[0]!, pulled] }, "their pair of commits differs"],
    ["another seed", { seed: 2 }, "their seed differs"],
    ["another plan", { planHash: "f".repeat(64) }, "their plan differs"],
    ["another division", { of: 3 }, "their division differs"],
  ] satisfies [string, Partial<ShardDocument>, string][])("of %s are refused by name", (_, change, said) => {
    const words = refusal(ONE, { ...TWO, ...change });
    expect(words).toContain(said);
    expect(words).toContain("1.json");
  });

  test("that are there twice are refused with both files", () => {
    expect(refusal(ONE, TWO, ONE)).toMatch(/shard 1 of 2 is there twice: 0\.json and 2\.json/);
  });

  test("out of range are refused, and so are blocks of another shard", () => {
    expect(refusal(ONE, { ...TWO, part: 5 })).toContain("out of range: there are 2 shards");
    expect(refusal(ONE, { ...TWO, blocks: ONE.blocks })).toContain("holds blocks of another shard");
  });

  test("are refused where there is no shard among them", () => {
    expect(refusal()).toContain("There is no shard to merge");
    expect(refusal({ ...ONE, part: "pilot", blocks: [] })).toContain("There is no shard to merge");
  });
});
