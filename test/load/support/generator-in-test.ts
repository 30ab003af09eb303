import { afterAll, beforeAll, expect } from "vitest";
import { startGenerator } from "../../../src/load/generator/generator.js";
import type { LoadGenerator, Phase } from "../../../src/load/phase.js";
import { summarizeSamples, type LoadSummary } from "../../../src/load/samples/summarize-samples.js";
import { generatorEntry } from "./entry.js";

/** One generator process for the tests of a file; what it returns runs a phase of one target and gives its summary. */
export function generatorInTest(): (phase: Phase) => Promise<LoadSummary> {
  let generator: LoadGenerator;
  beforeAll(async () => {
    generator = await startGenerator({ processors: null, entry: generatorEntry() });
  });
  afterAll(() => generator.stop());
  return async (phase) => {
    try {
      const { arms, health } = await generator.run(phase);
      expect(health.queuedWhileIdle).toBe(0);
      const summary = summarizeSamples(arms[0]!);
      expect(summary.accounted).toBe(summary.measured.requests);
      return summary;
    } finally {
      await generator.disconnect();
    }
  };
}

/** "8 status: 404": why requests failed, in short. */
export function reasonsOf({ reasons }: LoadSummary): string[] {
  return reasons.map(({ outcome, reason, count }) => `${count} ${outcome}: ${reason}`);
}
