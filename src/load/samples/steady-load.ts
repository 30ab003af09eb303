/** What was served while every connection was busy. */
export interface SteadyLoad {
  readonly served: number;
  readonly ms: number;
}

/** One burst of a closed loop, a value a request. */
export interface ClosedBurst {
  readonly sentUs: Float64Array;
  readonly doneUs: Float64Array;
  /** 1 for a response as expected. */
  readonly ok: Uint8Array;
}

/**
 * The part of a closed burst in which it was in full swing: from the response with which each connection may have had one,
 * to the last request. Before, all connections begin at once; after, fewer and fewer are busy, and a service that works
 * on several requests at a time is slower then than its capacity. Both ends are responses, so that the time holds exactly
 * as many intervals as responses are counted.
 *
 * @param connections - how many are kept busy
 * @returns nothing served in no time where the burst is too short to have such a part
 */
export function steadyPart({ sentUs, doneUs, ok }: ClosedBurst, connections: number): SteadyLoad {
  const nothing = { served: 0, ms: 0 };
  const lastSentUs = sentUs.reduce((last, at) => (at > last ? at : last), -Infinity);
  const ended = [...doneUs.keys()]
    .filter((i) => doneUs[i]! <= lastSentUs)
    .sort((a, b) => doneUs[a]! - doneUs[b]!);
  if (ended.length < 2 * connections) return nothing;
  const fromUs = doneUs[ended[connections - 1]!]!;
  // Responses often come in bunches: of those at one time all count, or none.
  const steady = ended.filter((i) => doneUs[i]! > fromUs);
  if (steady.length === 0) return nothing;
  const toUs = doneUs[steady.at(-1)!]!;
  const served = steady.reduce((sum, i) => sum + ok[i]!, 0);
  return { served, ms: (toUs - fromUs) / 1000 };
}

export function together(parts: readonly SteadyLoad[]): SteadyLoad {
  return parts.reduce((sum, { served, ms }) => ({ served: sum.served + served, ms: sum.ms + ms }), {
    served: 0,
    ms: 0,
  });
}
