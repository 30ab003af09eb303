import { LIMITS, simulatedRun, STALLING, STEADY, UNCHANGED, type Effect, type Noise } from "./noise.js";
import { withDefaultProof } from "./effects.js";
import { INTERFERENCES } from "./interference.js";
import { FROM, RUNS, SEED } from "./options.js";
import { runDropping } from "./settling.js";
import { observed } from "./simulate.js";
import { share } from "./table.js";

const ENDPOINTS = 10;

/** All metrics of all endpoints are worse by this share of their limits. */
function everywhere(shareOfLimit: number): Effect {
  return (_scenario, metric) => worse(metric, shareOfLimit);
}

/** The same in the first endpoint alone. */
function first(shareOfLimit: number): Effect {
  return (scenario, metric) => (scenario === 0 ? worse(metric, shareOfLimit) : 1);
}

function worse(metric: string, shareOfLimit: number): number {
  if (metric === "errors") return 1;
  const worsening = shareOfLimit * LIMITS[metric]!;
  return metric === "throughput" ? 1 - worsening : 1 + worsening;
}

const MACHINES: readonly (readonly [string, Noise])[] = [
  ["steady", STEADY],
  ["stalling", STALLING],
];
const CHANGES: readonly (readonly [string, Effect])[] = [
  ["unchanged", UNCHANGED],
  ["all at 0.4 of their limits", everywhere(0.4)],
  ["one endpoint at its limits", first(1)],
  ["one endpoint at twice its limits", first(2)],
];

/** Ten endpoints, with and without dropping those that are settled at a look. */
export function dropping(): void {
  console.log("| ten endpoints | settled ones are | red | green | blocks, mean | of one endpoint, mean |");
  console.log("| --- | --- | ---: | ---: | ---: | ---: |");
  for (const [machine, noise] of MACHINES) {
    for (const [name, effect] of CHANGES) {
      for (const drop of [false, true]) row(`${name}, ${machine}`, effect, noise, drop);
    }
  }
}

function row(name: string, effect: Effect, noise: Noise, drop: boolean): void {
  const found = { regression: 0, pass: 0, inconclusive: 0 };
  let [blocks, scenarioBlocks] = [0, 0];
  for (let run = 0; run < RUNS; run++) {
    const seed = SEED * 1_000_000 + FROM + run;
    const { cells } = simulatedRun(seed, effect, noise, {
      blocks: 40,
      scenarios: ENDPOINTS,
      interference: INTERFERENCES["none"]!,
    });
    const ended = runDropping(observed(withDefaultProof(cells), seed), drop);
    found[ended.answer.verdict]++;
    blocks += ended.answer.look;
    scenarioBlocks += ended.scenarioBlocks;
  }
  const mean = [blocks, scenarioBlocks / ENDPOINTS].map((sum) => (sum / RUNS).toFixed(1));
  console.log(
    `| ${name} | ${drop ? "dropped" : "measured on"} | ${share(found.regression, RUNS)} | ${share(found.pass, RUNS)} | ${mean.join(" | ")} |`,
  );
}
