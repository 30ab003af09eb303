import type { Observations } from "../../src/model/observations.js";

/** A gated latency without a floor, in simulated observations: the n-th metric of the service. */
export function madeUpCell(
  place: number,
  limit: number,
  values: { readonly base: number[]; readonly head: number[] },
): Observations["cells"][number] {
  return {
    scenario: null,
    metric: `m${place}`,
    unit: "",
    worse: "higher",
    limit,
    scale: "log",
    floor: 0,
    gated: true,
    proof: true,
    accepted: null,
    values,
  };
}
