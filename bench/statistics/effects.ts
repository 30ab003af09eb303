import { type Metric, descriptorOf } from "../../src/metrics/metrics.js";
import type { ObservedCell } from "../../src/model/observed-cell.js";
import { type Effect, LIMITS, STALLING, UNCHANGED } from "./noise.js";
import { RUNS } from "./options.js";
import { simulate } from "./simulate.js";
import { line } from "./table.js";

export function changed(factor: number, ...metrics: string[]): Effect {
  return (scenario, metric) => {
    if (scenario !== 0 || !metrics.includes(metric)) return 1;
    return metric === "throughput" ? 1 / factor : factor;
  };
}

export const EVERY_TIME = ["p50", "p90", "p95", "p99", "throughput", "cpu"];

/** A true change that is just what is allowed: about half may be red, next to none green. */
export function atLimit(metric: string): void {
  const limit = LIMITS[metric]!;
  line(`${metric} of one endpoint at its limit of ${limit * 100} %`, simulate(changed(1 + limit, metric)));
}

export function withLimit(metric: string, limit: number) {
  return (cells: readonly ObservedCell[]): readonly ObservedCell[] =>
    cells.map((cell) => (cell.metric === metric && cell.scenario === "0" ? { ...cell, limit } : cell));
}

/** No limit and no proof: any difference counts, so that only the joint test itself speaks. */
export function withoutLimits(cells: readonly ObservedCell[]): readonly ObservedCell[] {
  return cells.map((cell) => ({ ...cell, limit: 1e-9, proof: false }));
}

/** Green waits for what it waits for by default. */
export function withDefaultProof(cells: readonly ObservedCell[]): readonly ObservedCell[] {
  return cells.map((cell) => ({ ...cell, proof: descriptorOf(cell.metric as Metric).gate.proof }));
}

/** The noise of a service that stalls, on two processors. */
export function stalling(): void {
  const runs = Math.min(RUNS, 200);
  const row = (name: string, effect: Effect, prepared?: typeof withDefaultProof): void => {
    line(name, simulate(effect, runs, prepared, STALLING));
  };
  row("unchanged, stalling service", UNCHANGED, withDefaultProof);
  row("the same, green waits for p90 and p95 too", UNCHANGED);
  row("+10 % on one endpoint, stalling service", changed(1.1, ...EVERY_TIME), withDefaultProof);
  row("+20 % on one endpoint, stalling service", changed(1.2, ...EVERY_TIME), withDefaultProof);
}
