import { drawnSeed, seededRandom } from "../stats/random.js";

/** Seed of a shard's own orders and arrivals: another one for each, and the same again for the same run. */
export function shardSeed(seed: number, shard: number): number {
  return drawnSeed(seededRandom(seed, `shard ${shard}`));
}
