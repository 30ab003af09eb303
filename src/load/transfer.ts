import type { Reply } from "./messages.js";
import type { ArmSamples, PhaseResult } from "./profile.js";

/** The parts of samples that hold one entry a request. */
const COLUMNS = [
  "intendedUs",
  "sentUs",
  "doneUs",
  "status",
  "bytes",
  "outcome",
  "queued",
  "firstOnConnection",
] as const satisfies (keyof ArmSamples)[];

export type Column = (typeof COLUMNS)[number];
export type Columns = { readonly [C in Column]: ArmSamples[C] };

/** A result without its columns, which go ahead of it. */
export interface Summary extends Omit<PhaseResult, "arms"> {
  readonly arms: readonly Omit<ArmSamples, Column>[];
}

/**
 * Sends a result column by column, each let go of as soon as it is on its way: a million samples at once would be
 * held twice more, by the serialiser and by the pipe.
 */
export async function sendResult(
  id: number,
  { arms, health }: PhaseResult,
  send: (reply: Reply) => Promise<void>,
): Promise<void> {
  const summaries: Summary["arms"][number][] = [];
  for (const [arm, samples] of arms.entries()) {
    const rest: Partial<Record<keyof ArmSamples, unknown>> = samples;
    for (const column of COLUMNS) {
      await send({ type: "column", id, arm, column, data: samples[column] });
      // eslint-disable-next-line @typescript-eslint/no-dynamic-delete
      delete rest[column];
    }
    summaries.push(samples);
  }
  await send({ type: "result", id, result: { arms: summaries, health } });
}

/** Puts results together again that came column by column. */
export class Assembly {
  readonly #arms: Partial<Record<Column, Columns[Column]>>[] = [];

  take(arm: number, column: Column, data: Columns[Column]): void {
    (this.#arms[arm] ??= {})[column] = data;
  }

  finish({ arms, health }: Summary): PhaseResult {
    return {
      arms: arms.map((arm, index) => ({ ...arm, ...(this.#arms[index] as Columns) })),
      health,
    };
  }
}
