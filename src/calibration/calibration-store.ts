import { rm } from "node:fs/promises";
import { join } from "node:path";
import { writingAt } from "../error.js";
import { makeFolder } from "../files/make-folder.js";
import type { Block } from "../model/block.js";
import { blockStore } from "../store/block-store.js";
import { singleDocumentStore } from "../store/single-document-store.js";
import type { Store } from "../store/store.js";
import { type CalibrationRecord, calibrationRecord, type Recorded } from "./record.js";

/** Where a calibration is kept, so that it can go on another day. */
export interface CalibrationStore {
  /** One record: the one that was appended last. */
  readonly records: Store<CalibrationRecord>;
  readonly blocks: Store<Block>;
}

const HINT = "Begin anew with `--fresh`, or name another folder with `--out`.";

/** @param fresh - forget what was measured before */
export async function openCalibrationStore(folder: string, fresh: boolean): Promise<CalibrationStore> {
  const recordFile = join(folder, "calibration.json");
  const blocksFile = join(folder, "calibration-blocks.ndjson");
  await writingAt(folder, async () => {
    makeFolder(folder);
    if (fresh) for (const file of [recordFile, blocksFile]) await rm(file, { force: true });
  });
  return {
    records: singleDocumentStore(recordFile, {
      schema: calibrationRecord,
      identityOf: (record) => JSON.stringify(record),
      name: "a calibration",
      hint: HINT,
    }),
    blocks: blockStore(blocksFile, HINT),
  };
}

/** What was measured before; `null`: nothing yet. */
export async function readRecorded({ records, blocks }: CalibrationStore): Promise<Recorded | null> {
  const record = (await records.read()).at(-1);
  return record === undefined ? null : { record, blocks: await blocks.read() };
}
