import type { HistoryLine } from "../model/history-line.js";
import { chainSince, directSince, linked, type Chain, type ChainLink } from "./chain.js";
import type { CommitOrder, Release } from "./commit-order.js";
import type { HistorySeries } from "./series.js";

/** How a series stands against the last release. */
export interface Creep {
  /** `null`: no release is known; the chain then begins with the oldest stored run. */
  readonly release: Release | null;
  /** Every stored run since then, one after another. */
  readonly chain: Chain;
  /** The newest run that compared a later commit with the release itself; `null`: none did, or only the first one after it. */
  readonly direct: HistoryLine | null;
  /** From the release by way of `direct`, where there is one: fewer runs carry less noise. */
  readonly shortest: Chain;
  /** Where that stands; `null`: no run since then is stored. */
  readonly now: ChainLink | null;
}

export function creepOf(series: HistorySeries, order: CommitOrder): Creep {
  const release = order.releases.at(-1) ?? null;
  const since = release?.sha ?? null;
  const chain = chainSince(series, order, since);
  const found = since === null ? null : directSince(series, order, since);
  const direct = chain.links[0]?.line === found ? null : found;
  const shortest =
    direct === null
      ? chain
      : linked([direct, ...chainSince(series, order, direct.head.sha).links.map(({ line }) => line)], since);
  return { release, chain, direct, shortest, now: shortest.links.at(-1) ?? null };
}
