import { mkdir, readFile, rm } from "node:fs/promises";
import { join } from "node:path";
import { isDeepStrictEqual } from "node:util";
import type { Plan } from "../model/plan.js";
import { TailgateError } from "../error.js";
import type { Block } from "../model/block.js";
import { appendBlock } from "../store/block-store.js";
import { replaceFile } from "../files/atomic-write.js";
import { type CalibrationRecord, RECORD_SCHEMA, type Recorded } from "./record.js";

/** A folder in which a calibration is kept, so that it can go on another day. */
export interface CalibrationStore {
  /** What was measured before; `null`: nothing yet. */
  read(): Promise<Recorded | null>;
  writeRecord(record: CalibrationRecord): Promise<void>;
  append(block: Block): Promise<void>;
}

const RECORD = "calibration.json";
const BLOCKS = "calibration-blocks.ndjson";

/** @param fresh - forget what was measured before */
export async function openStore(folder: string, fresh: boolean): Promise<CalibrationStore> {
  const recordFile = join(folder, RECORD);
  const blocksFile = join(folder, BLOCKS);
  await mkdir(folder, { recursive: true });
  if (fresh) for (const file of [recordFile, blocksFile]) await rm(file, { force: true });
  return {
    async read() {
      const text = await textOf(recordFile);
      if (text === null) return null;
      const record = parsedRecord(text, recordFile);
      const lines = (await textOf(blocksFile)) ?? "";
      const whole = lines.slice(0, lines.lastIndexOf("\n") + 1);
      // A last line without its end was being written when the process died: the next block must not continue it.
      if (whole !== lines) await replaceFile(blocksFile, whole);
      return { record, blocks: blocksIn(whole, blocksFile) };
    },
    async writeRecord(record) {
      await replaceFile(recordFile, `${JSON.stringify(record, null, 2)}\n`);
    },
    append: (block) => appendBlock(blocksFile, withoutPictures(block)),
  };
}

/** Histograms only serve pictures, and are most of a block. */
function withoutPictures(block: Block): Block {
  const arms = Object.entries(block.arms).map(([name, arm]) => {
    const scenarios = Object.entries(arm.scenarios).map(
      ([scenario, observation]) => [scenario, { ...observation, histogram: [] }] as const,
    );
    return [name, { ...arm, scenarios: Object.fromEntries(scenarios) }] as const;
  });
  return { ...block, arms: Object.fromEntries(arms) };
}

/**
 * Whether a record can go on with what is asked for now.
 *
 * @throws TailgateError "config" that names what differs: blocks of different code or load must not be mixed
 */
export function requireSame(
  before: CalibrationRecord,
  now: Pick<CalibrationRecord, "commit" | "copies" | "changes" | "plan">,
  folder: string,
): void {
  const shas = (record: Pick<CalibrationRecord, "changes">): unknown =>
    record.changes.map(({ name, commit }) => [name, commit.sha]);
  const differs = [
    ...(before.commit.sha === now.commit.sha ? [] : ["another commit"]),
    ...(isDeepStrictEqual(before.copies, now.copies) ? [] : ["another number of copies"]),
    ...(isDeepStrictEqual(shas(before), shas(now)) ? [] : ["other known changes"]),
    // Through JSON, as the one before came.
    ...(isDeepStrictEqual(measured(before.plan), JSON.parse(JSON.stringify(measured(now.plan))))
      ? []
      : ["another configuration"]),
  ];
  if (differs.length === 0) return;
  throw new TailgateError(
    "config",
    `${folder} holds a calibration with ${differs.join(" and ")}: their blocks must not be mixed.`,
    "Begin anew with `--fresh`, or keep both: name another folder with `--out`.",
  );
}

/** A plan less what only the judging needs: by other limits the same blocks can be judged again. */
function measured(plan: Plan): object {
  return {
    ...plan,
    scenarios: plan.scenarios.map((scenario) => ({ ...scenario, gates: null })),
    memoryGate: null,
    experiment: { ...plan.experiment, strict: null },
    report: null,
  };
}

function parsedRecord(text: string, file: string): CalibrationRecord {
  try {
    const record = JSON.parse(text) as { readonly schema?: unknown };
    if (record.schema === RECORD_SCHEMA) return record as CalibrationRecord;
  } catch {
    // Falls through to the same answer: it is not what this version wrote.
  }
  throw damaged(`${file} is not a calibration that this version of Tailgate wrote.`);
}

function blocksIn(text: string, file: string): Block[] {
  return text.split("\n").flatMap((line, index) => {
    if (line === "") return [];
    try {
      return [JSON.parse(line) as Block];
    } catch {
      throw damaged(`Line ${index + 1} of ${file} is no block.`);
    }
  });
}

function damaged(message: string): TailgateError {
  return new TailgateError(
    "artifact",
    message,
    "Begin anew with `--fresh`, or name another folder with `--out`.",
  );
}

async function textOf(file: string): Promise<string | null> {
  try {
    return await readFile(file, "utf8");
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return null;
    throw new TailgateError(
      "artifact",
      `${file} cannot be read: ${(error as Error).message}.`,
      "Check that the folder of `--out` is one that you may read and write.",
      { cause: error },
    );
  }
}
