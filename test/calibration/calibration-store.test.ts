import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { RECORD_SCHEMA, type Recorded } from "../../src/calibration/record.js";
import { openCalibrationStore, readRecorded } from "../../src/calibration/calibration-store.js";
import { madeUpCalibration } from "./made-up-calibration.js";

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "calibration-"));
});
afterEach(async () => {
  await rm(folder, { recursive: true, force: true });
});

async function keep({ record, blocks }: Recorded): Promise<void> {
  const store = await openCalibrationStore(folder, false);
  await store.records.append(record);
  for (const block of blocks) await store.blocks.append(block);
}

async function kept(options: { readonly fresh: boolean } = { fresh: false }): Promise<Recorded | null> {
  return readRecorded(await openCalibrationStore(folder, options.fresh));
}

test("nothing is kept at first", async () => {
  expect(await kept()).toBeNull();
});

test("a calibration comes back as it was kept", async () => {
  const recorded = madeUpCalibration(3);
  await keep(recorded);
  expect(await kept()).toEqual(recorded);
});

test("the record that was written last is the one that counts", async () => {
  const recorded = madeUpCalibration(3);
  await keep(recorded);
  const session = { startedAt: "2026-11-22T10:00:00.000Z", machine: "another" };
  const record = { ...recorded.record, sessions: [...recorded.record.sessions, session] };
  await keep({ record, blocks: [] });
  expect(await kept()).toEqual({ ...recorded, record });
});

test("a calibration that begins anew forgets what was kept", async () => {
  await keep(madeUpCalibration(3));
  expect(await kept({ fresh: true })).toBeNull();
});

test("a damaged block is refused with its line and the way out", async () => {
  await keep(madeUpCalibration(3));
  const file = join(folder, "calibration-blocks.ndjson");
  const lines = (await readFile(file, "utf8")).split("\n");
  await writeFile(
    file,
    [lines[0], lines[1]!.replace('"durationMs":', '"duration":'), lines[2], ""].join("\n"),
  );
  await expect(kept()).rejects.toMatchObject({
    message: expect.stringContaining("Line 2 of") as unknown,
    hint: expect.stringContaining("--fresh") as unknown,
  });
});

test.each(["{", "[]", "null", '{"schema":"tailgate/calibration-record@2"}', `{"schema":"${RECORD_SCHEMA}"}`])(
  "a record that reads %s is refused",
  async (text) => {
    await writeFile(join(folder, "calibration.json"), text);
    await expect(kept()).rejects.toThrow("is not a calibration that this version of Tailgate wrote");
  },
);
