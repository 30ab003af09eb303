import type { Observations } from "../../src/model/observations.js";
import { decisionSoFar, type Decision } from "../../src/verdict/judging/judge.js";
import { settledScenarios } from "../../src/verdict/judging/settled-scenarios.js";

/** What a run costs in which scenarios that are settled at a look are not measured any more. */
export interface DroppingRun {
  readonly answer: Decision;
  /** Blocks, counted once for each scenario that was measured in them. */
  readonly scenarioBlocks: number;
  /** The blocks that such a run would have recorded. */
  readonly recorded: Observations;
}

/** A run over made-up blocks, look by look; `drop: false` measures every scenario to the end. */
export function runDropping(all: Observations, drop: boolean): DroppingRun {
  const names = [...new Set(all.cells.map((cell) => cell.scenario))];
  const measured = new Map(names.map((name) => [name, 0]));
  const settled = new Set<string | null>();
  for (const look of all.looks) {
    for (const name of names) if (!settled.has(name)) measured.set(name, look);
    const cells = all.cells.map((cell) => {
      const values = Object.entries(cell.values).map(
        ([arm, row]) => [arm, row.slice(0, measured.get(cell.scenario))] as const,
      );
      return { ...cell, values: Object.fromEntries(values) };
    });
    const recorded = { ...all, cells };
    const answer = decisionSoFar(recorded, look !== all.looks.at(-1));
    if (answer !== null) {
      const scenarioBlocks = [...measured.values()].reduce((sum, blocks) => sum + blocks, 0);
      return { answer, scenarioBlocks, recorded };
    }
    if (drop) for (const name of settledScenarios(recorded)) settled.add(name);
  }
  throw new Error("the last look has no answer");
}
