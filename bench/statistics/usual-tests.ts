import type { ObservedCell } from "../../src/model/observed-cell.js";
import { seededRandom } from "../../src/stats/random.js";
import { decisionOn } from "../../src/verdict/judging/judge.js";
import { changed, EVERY_TIME } from "./effects.js";
import { pooledRequests, REQUESTS, simulatedRun } from "./noise.js";
import { FROM, RUNS, SEED } from "./options.js";
import { fixedLimit, mannWhitney, signedRank, welch } from "./rivals.js";
import { observed } from "./simulate.js";
import { share } from "./table.js";

/** The usual tests on p50 of the first scenario, over the first 20 blocks of the same runs. */
export function againstUsualTests(factor: number): void {
  const runs = RUNS;
  const found = { fixed: 0, fixedAny: 0, pooled: 0, welch: 0, wilcoxon: 0, gate: 0 };
  for (let run = 0; run < runs; run++) {
    const seed = SEED * 1_000_000 + FROM + run;
    const { cells, levels } = simulatedRun(seed, changed(factor, ...EVERY_TIME));
    const p50 = cells.find((cell) => cell.scenario === "0" && cell.metric === "p50")!;
    const [base, candidate] = [p50.values["base"]!.slice(0, 20), p50.values["head"]!.slice(0, 20)];
    const random = seededRandom(seed, "requests");
    const requests = [levels.base, levels.head].map((of) =>
      pooledRequests(of.slice(0, 20), REQUESTS, random),
    );
    if (fixedLimit(base, candidate, 0.1)) found.fixed++;
    if (cells.some((cell) => exceeds(cell, 0.1))) found.fixedAny++;
    if (mannWhitney(requests[0]!, requests[1]!)) found.pooled++;
    if (welch(base, candidate)) found.welch++;
    if (signedRank(base, candidate)) found.wilcoxon++;
    if (decisionOn(observed(cells, seed)).verdict === "regression") found.gate++;
  }
  const name = factor === 1 ? "unchanged" : `${Math.round((factor - 1) * 100)} % slower`;
  const row = [found.fixed, found.fixedAny, found.pooled, found.welch, found.wilcoxon, found.gate];
  console.log(`| ${name} | ${row.map((count) => share(count, runs)).join(" | ")} |`);
}

function exceeds(cell: ObservedCell, limit: number): boolean {
  if (cell.scale === "difference") return false;
  const [base, candidate] = [cell.values["base"]!, cell.values["head"]!];
  return cell.worse === "higher" ? fixedLimit(base, candidate, limit) : candidate[0]! / base[0]! < 1 - limit;
}
