import { appendFileSync, existsSync, mkdirSync, readFileSync } from "node:fs";
import { dirname } from "node:path";
import type { MachineNoise } from "../../../src/model/block.js";
import type { Result, ResultCell } from "../../../src/model/result.js";
import { median } from "../../../src/stats/quantile.js";
import type { Place } from "./places.js";

/** One real run, as a line of the state. */
export interface RunRecord extends Place {
  readonly startedAt: string;
  /** Commit of this project that measured: the state is kept over weeks. */
  readonly tailgate: string;
  readonly exitCode: number;
  readonly verdict: Result["verdict"];
  readonly reason: string;
  readonly blocks: number;
  /** Pilot and blocks: what the budget counts. */
  readonly measuringMs: number;
  readonly cpuPressureShare: number | null;
  readonly stealShare: number | null;
  /** Of all processors, while no arm ran; runs of earlier versions do not have it, and quiet ones nothing to say. */
  readonly otherWorkShare?: number | null;
  /** Runs of earlier versions had the number of the run. */
  readonly seed?: number;
  readonly regressed: readonly Pick<ResultCell, "scenario" | "metric" | "change">[];
  /** Of the first scenario; runs of earlier versions do not have them. Of unchanged code they show, over many runs, whether being head costs anything. */
  readonly p50Change?: number | null;
  readonly p90Change?: number | null;
  /** Of CPU per request: how large the change truly was on this machine. */
  readonly cpuChange: number | null;
  /** Base comes from the build cache and head is built anew: what that alone changes. */
  readonly memoryChange: number | null;
}

export function recordOf(place: Place, result: Result, exitCode: number, tailgate: string): RunRecord {
  const trusted = result.blocks.filter((block) => block.distrust.length === 0);
  const middle = (share: keyof MachineNoise): number | null => {
    const known = trusted.map(({ machine }) => machine[share]).filter((value) => typeof value === "number");
    return known.length === 0 ? null : median(known);
  };
  const blocksMs = result.blocks.reduce((sum, block) => sum + block.durationMs, 0);
  return {
    ...place,
    startedAt: result.startedAt,
    tailgate,
    exitCode,
    verdict: result.verdict,
    reason: result.reason,
    blocks: trusted.length,
    measuringMs: Math.round(blocksMs + (result.schedule?.pilotMs ?? 0)),
    cpuPressureShare: middle("cpuPressureShare"),
    stealShare: middle("stealShare"),
    otherWorkShare: middle("otherWorkShare"),
    seed: result.seed,
    regressed: result.cells
      .filter((cell) => cell.gated && cell.verdict === "regressed")
      .map(({ scenario, metric, change }) => ({ scenario, metric, change })),
    p50Change: changeOf(result, "p50"),
    p90Change: changeOf(result, "p90"),
    cpuChange: changeOf(result, "cpu"),
    memoryChange: changeOf(result, "memory"),
  };
}

function changeOf({ cells }: Result, metric: ResultCell["metric"]): number | null {
  return cells.find((cell) => cell.metric === metric)?.change ?? null;
}

/** Runs of earlier sittings and this one; each is kept as soon as it has ended. */
export function readLines<Line>(file: string): Line[] {
  if (!existsSync(file)) return [];
  const lines = readFileSync(file, "utf8").split("\n");
  return lines.filter((line) => line !== "").map((line) => JSON.parse(line) as Line);
}

export function keepLine(file: string, record: object): void {
  mkdirSync(dirname(file), { recursive: true });
  appendFileSync(file, `${JSON.stringify(record)}\n`);
}
