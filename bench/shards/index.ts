import { mkdtempSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fitBudget, type SizedLoad } from "../../src/experiment/fit-budget.js";
import { mergeShards } from "../../src/run/shards/merge-shards.js";
import { madeUpShards } from "../../test/shards/made-up-shards.js";
import { DEFAULT_LOAD } from "../../src/config/defaults.js";

/*
 * Figures of docs/shards.md: npm run bench:shards
 */

/** Reading, checking, judging and reporting what 64 runners left. */
async function merge(): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), "tailgate-bench-shards-"));
  try {
    let bytes = 0;
    for (const shard of madeUpShards(64, 2)) {
      const file = join(folder, `shard-${shard.part}-of-64.json`);
      writeFileSync(file, JSON.stringify(shard));
      bytes += statSync(file).size;
    }
    const inputs = { comment: null, commentKey: null };
    const startedMs = performance.now();
    const { result } = await mergeShards({ inputs, folder, outFolder: join(folder, "out"), attempt: 1 });
    const seconds = ((performance.now() - startedMs) / 1000).toFixed(2);
    const peak = Math.round(process.resourceUsage().maxRSS / 1024);
    console.log(
      `64 shards, ${result.blocks.length} blocks, ${Math.round(bytes / 1024)} kB: ${result.verdict} in ${seconds} s, ${peak} MiB at most`,
    );
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** Ten scenarios of 1,000 requests: what one runner is planned to take, and each of eight that measure as much together. */
function times(): void {
  const sized: SizedLoad[] = Array.from({ length: 10 }, (_, place) => ({
    load: {
      scenario: `s${place}`,
      arms: ["base", "head"],
      ratePerSecond: 500,
      rateFrom: "auto",
      capacityPerSecond: { base: 1000, head: 1000 },
      burstMs: 100,
      capacityBurstMs: 100,
      requests: 1000,
      warmupRequests: 500,
      capacityRequests: 600,
    },
    plan: DEFAULT_LOAD,
  }));
  const pilotMs = 20_000;
  const budget = { pilotMs, overheadMs: 1_500, alpha: 0.01 };
  const one = fitBudget(sized, { ...budget, budgetMs: 48 * 60_000 });
  const eight = fitBudget(sized, { ...budget, budgetMs: 6.5 * 60_000, runners: 8 });
  const minutes = ({ maximumBlocks, estimatedBlockMs }: typeof one, blocks = maximumBlocks): string =>
    ((pilotMs + blocks * estimatedBlockMs) / 60_000).toFixed(1);
  console.log(
    `10 scenarios: one runner ${one.maximumBlocks} blocks in ${minutes(one)} min (its first look after ${minutes(one, 12)} min); ` +
      `8 shards ${eight.maximumBlocks} blocks each in ${minutes(eight)} min; ` +
      `${one.loads[0]!.requests} and ${eight.loads[0]!.requests} requests`,
  );
}

times();
await merge();
