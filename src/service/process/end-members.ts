import { setTimeout as sleep } from "node:timers/promises";

import type { Members } from "./members.js";

/** How long processes have between TERM and KILL. */
const GRACE_MS = 5000;
/** How long killing is tried: a process in an uninterruptible wait may take a while, or never go. */
const KILL_MS = 5000;
const FIRST_LOOK_MS = 2;
const SLOWEST_LOOK_MS = 20;

export interface Ending {
  readonly killed: boolean;
  /** Those that could not be ended; empty is the proof. */
  readonly left: readonly number[];
}

/** TERM, grace, KILL, and a last look at every process of the system. */
export async function endMembers(members: Members, graceMs = GRACE_MS): Promise<Ending> {
  let killed = false;
  members.signal("SIGTERM");
  if (!(await goneWithin(members, graceMs))) {
    killed = true;
    await kill(members);
  }
  // Whoever left the tree before anyone looked is found by the mark.
  if (members.search().length > 0) {
    killed = true;
    await kill(members);
  }
  return { killed, left: members.search() };
}

async function kill(members: Members): Promise<void> {
  const until = performance.now() + KILL_MS;
  // Again and again: a fork bomb may have had children since the list was made.
  do {
    members.signal("SIGKILL");
    await sleep(FIRST_LOOK_MS);
  } while (members.running().length > 0 && performance.now() < until);
}

async function goneWithin(members: Members, limitMs: number): Promise<boolean> {
  const until = performance.now() + limitMs;
  for (
    let pauseMs = FIRST_LOOK_MS;
    performance.now() < until;
    pauseMs = Math.min(pauseMs * 1.5, SLOWEST_LOOK_MS)
  ) {
    if (members.running().length === 0) return true;
    await sleep(pauseMs);
  }
  return members.running().length === 0;
}
