import { appendFile, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import type { Recorded } from "../../src/calibration/record.js";
import { openStore, requireSame } from "../../src/calibration/store.js";
import { TailgateError } from "../../src/error.js";
import { madeUpCalibration } from "./made-up-calibration.js";

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "calibration-"));
});
afterEach(async () => {
  await rm(folder, { recursive: true, force: true });
});

async function stored(recorded: Recorded): Promise<void> {
  const store = await openStore(folder, false);
  await store.writeRecord(recorded.record);
  for (const block of recorded.blocks) await store.append(block);
}

describe("what is kept", () => {
  test("is nothing at first", async () => {
    expect(await (await openStore(join(folder, "new"), false)).read()).toBeNull();
  });

  test("comes back as it was, less the histograms", async () => {
    const recorded = madeUpCalibration(3);
    const drawn = recorded.blocks.map((block) => structuredClone(block));
    for (const arm of Object.values(drawn[0]!.arms)) {
      for (const scenario of Object.values(arm.scenarios)) Object.assign(scenario, { histogram: [[1, 2]] });
    }
    await stored({ ...recorded, blocks: drawn });
    expect(await (await openStore(folder, false)).read()).toEqual(recorded);
  });

  test("is forgotten when it is to begin anew", async () => {
    await stored(madeUpCalibration(3));
    expect(await (await openStore(folder, true)).read()).toBeNull();
  });

  test("a last line that was cut off by a crash is left out", async () => {
    const recorded = madeUpCalibration(3);
    await stored(recorded);
    await appendFile(join(folder, "calibration-blocks.ndjson"), '{"index":4,"att');
    expect((await (await openStore(folder, false)).read())!.blocks).toHaveLength(3);
  });

  test("a block after a line that was cut off stands on a line of its own", async () => {
    const recorded = madeUpCalibration(3);
    await stored(recorded);
    await appendFile(join(folder, "calibration-blocks.ndjson"), '{"index":4,"att');
    const store = await openStore(folder, false);
    await store.read();
    await store.append(recorded.blocks[0]!);
    expect((await (await openStore(folder, false)).read())!.blocks).toHaveLength(4);
  });

  test("a damaged line in between is refused with its number", async () => {
    await stored(madeUpCalibration(3));
    const file = join(folder, "calibration-blocks.ndjson");
    const lines = (await readFile(file, "utf8")).split("\n");
    await writeFile(file, [lines[0], "{nonsense", lines[2], ""].join("\n"));
    const reading = (await openStore(folder, false)).read();
    await expect(reading).rejects.toThrow(TailgateError);
    await expect(reading).rejects.toThrow("Line 2 of");
  });

  test.each(["{", "[]", "null", '{"schema":"tailgate/calibration-record@2"}'])(
    "a record that reads %s is refused",
    async (text) => {
      await writeFile(join(folder, "calibration.json"), text);
      await expect((await openStore(folder, false)).read()).rejects.toThrow(
        "is not a calibration that this version of Tailgate wrote",
      );
    },
  );
});

describe("going on another day", () => {
  const { record } = madeUpCalibration(0, { changes: { slower: {} } });
  const again = JSON.parse(JSON.stringify(record)) as typeof record;

  test("is possible with the same code, copies, changes and configuration", () => {
    expect(() => {
      requireSame(again, record, "folder");
    }).not.toThrow();
  });

  test("a branch that was only renamed is the same code", () => {
    const changes = [{ name: "slower", commit: { ...record.changes[0]!.commit, label: "other-name" } }];
    expect(() => {
      requireSame(again, { ...record, changes }, "folder");
    }).not.toThrow();
  });

  test("with other limits the same blocks can be judged again", () => {
    const [scenario] = record.plan.scenarios;
    const gates = { ...scenario!.gates, p90: null, p50: { ...scenario!.gates.p50!, limit: 0.2 } };
    const plan = { ...record.plan, scenarios: [{ ...scenario!, gates }], memoryGate: null };
    expect(() => {
      requireSame(again, { ...record, plan }, "folder");
    }).not.toThrow();
  });

  test.each([
    ["another commit", { commit: { label: "main", sha: "f".repeat(40) } }],
    ["another number of copies", { copies: ["copy-1", "copy-2"] }],
    ["other known changes", { changes: [] }],
    ["another configuration", { plan: { ...record.plan, baseline: "other" } }],
    [
      "another configuration",
      { plan: { ...record.plan, experiment: { ...record.plan.experiment, budgetMs: 1000 } } },
    ],
  ])("is refused with %s", (what, changed) => {
    expect(() => {
      requireSame(again, { ...record, ...changed }, "folder");
    }).toThrow(`folder holds a calibration with ${what}`);
  });
});
