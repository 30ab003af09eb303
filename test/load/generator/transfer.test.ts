import { isDeepStrictEqual } from "node:util";
import { expect, test } from "vitest";
import type { Reply } from "../../../src/load/generator/messages.js";
import type { PhaseResult } from "../../../src/load/phase.js";
import { Recorder } from "../../../src/load/samples/recorder.js";
import { Assembly, PIECE_LENGTH, sendResult } from "../../../src/load/generator/transfer.js";

/** Samples that all differ, so that none can stand for another. */
function resultOf(...lengths: readonly number[]): PhaseResult {
  const arms = lengths.map((length, arm) => {
    const recorder = new Recorder(length);
    for (let i = 0; i < length; i++) {
      recorder.due(i, i + arm / 2, i % 2 === 1);
      recorder.sent(i, i + 0.25);
      if (i % 3 === 0) recorder.firstOnConnection(i);
      recorder.ended({
        index: i,
        outcome: "ok",
        reason: null,
        doneUs: 2 * i + 0.5,
        status: i % 600,
        bytes: i * 3,
      });
    }
    return recorder.finish(`arm ${arm}`, length, { startUs: 0, reconnects: arm, connections: 1 });
  });
  return {
    arms,
    health: { busyShare: 0.1, latenessP50Us: 4, latenessP99Us: 5, queuedWhileIdle: 0, cpuUs: 7 },
  };
}

async function transferred(result: PhaseResult): Promise<{ result: PhaseResult; pieces: number[] }> {
  const assembly = new Assembly();
  const pieces: number[] = [];
  let whole: PhaseResult | null = null;
  const send = (reply: Reply): Promise<void> => {
    const received = structuredClone(reply);
    if (received.type === "piece") {
      pieces.push(received.data.length);
      assembly.take(received);
    } else if (received.type === "result") {
      whole = assembly.finish(received.result);
    }
    return Promise.resolve();
  };
  await sendResult(1, result, { send, collectGarbage: () => undefined });
  return { result: whole!, pieces };
}

test.each([[[0]], [[1]], [[PIECE_LENGTH]], [[PIECE_LENGTH + 1]], [[3 * PIECE_LENGTH - 7, 10]]])(
  "samples of %j requests arrive as they were sent",
  async (lengths) => {
    const { result } = await transferred(resultOf(...lengths));
    expect(isDeepStrictEqual(result, resultOf(...lengths))).toBe(true);
  },
);

test("no piece is longer than what may be copied at once", async () => {
  const { pieces } = await transferred(resultOf(3 * PIECE_LENGTH));
  expect(Math.max(...pieces)).toBe(PIECE_LENGTH);
});
