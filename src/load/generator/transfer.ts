import type { PhaseResult } from "../phase.js";
import type { ArmSamples } from "../samples/samples.js";
import {
  COLUMNS,
  type Column,
  type Columns,
  type PhaseSummary,
  type Reply,
  type SamplePiece,
} from "./messages.js";

/** Entries sent at a time, so that the copies of the serialiser and the pipe stay small beside the samples themselves. */
export const PIECE_LENGTH = 1 << 15;

/** The engine does not count the garbage of serialising as its own, and would let tens of megabytes gather. */
const COLLECT_EVERY_BYTES = 1 << 20;

export interface Sender {
  /** Resolves when the message has been handed to the system. */
  send(reply: Reply): Promise<void>;
  collectGarbage(): void;
}

/**
 * Sends a result column by column in pieces, and drops each column as soon as it is sent: the serialiser and the pipe
 * would otherwise hold a million samples several times.
 */
export async function sendResult(id: number, { arms, health }: PhaseResult, sender: Sender): Promise<void> {
  let leftBytes = 0;
  const summaries: PhaseSummary["arms"][number][] = [];
  for (const [arm, samples] of arms.entries()) {
    const rest: Partial<Record<keyof ArmSamples, unknown>> = samples;
    for (const column of COLUMNS) {
      const { length } = samples[column];
      // An empty column is one empty piece.
      for (let from = 0; from === 0 || from < length; from += PIECE_LENGTH) {
        const data = samples[column].subarray(from, from + PIECE_LENGTH);
        await sender.send({ type: "piece", id, arm, column, from, length, data });
        leftBytes += data.byteLength;
        if (leftBytes < COLLECT_EVERY_BYTES) continue;
        sender.collectGarbage();
        leftBytes = 0;
      }
      // eslint-disable-next-line @typescript-eslint/no-dynamic-delete
      delete rest[column];
    }
    summaries.push(samples);
  }
  await sender.send({ type: "result", id, result: { arms: summaries, health } });
}

/** Puts the pieces of a result together again. */
export class Assembly {
  readonly #arms: Partial<Record<Column, Columns[Column]>>[] = [];

  take({ arm, column, from, length, data }: SamplePiece): void {
    const columns = (this.#arms[arm] ??= {});
    // A piece that is a whole column needs no copy.
    if (data.length === length) columns[column] = data;
    else (columns[column] ??= emptyLike(data, length)).set(data, from);
  }

  finish({ arms, health }: PhaseSummary): PhaseResult {
    return {
      arms: arms.map((arm, index) => ({ ...arm, ...(this.#arms[index] as Columns) })),
      health,
    };
  }
}

function emptyLike(data: Columns[Column], length: number): Columns[Column] {
  if (data instanceof Float64Array) return new Float64Array(length);
  return data instanceof Uint16Array ? new Uint16Array(length) : new Uint8Array(length);
}
