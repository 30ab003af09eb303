import type { Ownership } from "../process/port-ownership.js";
import type { ListeningPlace } from "./listening-place.js";

/** Watches whether somebody else listens on an arm's port, if only for a while. */
export interface IntruderWatch {
  /** From now on, the sockets that listen are the arm's own. */
  begin(): void;
  look(): void;
  /** Who was seen, in words; `null`: nobody. */
  found(): string | null;
}

/**
 * SO_REUSEPORT lets another process share a port, and take some of the requests; at the end of a block it may be gone
 * again. Only a change of the sockets that listen is looked into, so that a look costs next to nothing.
 */
export function intruderOn(
  place: Pick<ListeningPlace, "listeners">,
  ownership: () => Ownership,
): IntruderWatch {
  let known: string | null = null;
  let suspected = false;
  let reason: string | null = null;
  return {
    begin() {
      known = place.listeners();
    },
    look() {
      if (known === null || reason !== null) return;
      const now = place.listeners();
      if (now === known) {
        suspected = false;
        return;
      }
      const owner = ownership();
      if (owner.kind === "own") known = now;
      // A worker that was forked a moment ago may not be known as the arm's yet; at the next look it is.
      if (owner.kind === "foreign" && suspected) reason = owner.reason;
      suspected = owner.kind === "foreign";
    },
    found: () => reason,
  };
}
