import { NANOSECONDS_PER_TICK, type ProcessStat } from "../process/proc.js";

interface Account {
  readonly startTime: number;
  /** Account of the process that was its parent when it was first seen; `null` once that is gone. */
  parent: Account | null;
  ownNs: number;
  /** What the kernel added up for children that were waited for. */
  waitedNs: number;
  /** What was last seen of children that ended while this process lived. */
  endedNs: number;
  /** Highest time seen of each thread, ended ones kept. */
  readonly threads: Map<number, number>;
}

/**
 * CPU time of a process tree from what is seen of it now and then.
 *
 * Of a process: the larger of its threads' nanoseconds (exact while all of them live) and its tick counters (coarse, but
 * holding ended threads). Of ended children: the larger of what their parent has waited for (ticks, holds the
 * shortest-lived) and what was last seen of them (holds those nobody waited for). Each is a lower bound, so the larger is
 * nearer the truth and nothing is counted twice.
 */
export class CpuAccount {
  readonly #accounts = new Map<number, Account>();
  #retiredNs = 0;
  #totalNs = 0;

  /** Takes in what was seen: `threads` gives a process' thread times, or is left out for a cheap look at ticks alone. */
  record(
    seen: ReadonlyMap<number, ProcessStat>,
    threads?: (pid: number) => ReadonlyMap<number, number>,
  ): void {
    for (const [pid, account] of this.#accounts) {
      if (seen.get(pid)?.startTime !== account.startTime) this.#retire(pid, account);
    }
    for (const [pid, stat] of seen) {
      const account = this.#accounts.get(pid) ?? this.#open(stat);
      if (threads !== undefined) {
        for (const [thread, ns] of threads(pid)) {
          account.threads.set(thread, Math.max(ns, account.threads.get(thread) ?? 0));
        }
      }
      let threadsNs = 0;
      for (const ns of account.threads.values()) threadsNs += ns;
      account.ownNs = Math.max(account.ownNs, threadsNs, stat.ownTicks * NANOSECONDS_PER_TICK);
      account.waitedNs = Math.max(account.waitedNs, stat.childrenTicks * NANOSECONDS_PER_TICK);
    }
    let totalNs = this.#retiredNs;
    for (const account of this.#accounts.values()) totalNs += worthOf(account);
    // A child read just before its parent collected it may seem to vanish: the total never goes back.
    this.#totalNs = Math.max(this.#totalNs, totalNs);
  }

  /** Nanoseconds since the first record. */
  get totalNs(): number {
    return this.#totalNs;
  }

  #open(stat: ProcessStat): Account {
    const account: Account = {
      startTime: stat.startTime,
      parent: this.#accounts.get(stat.parent) ?? null,
      ownNs: 0,
      waitedNs: 0,
      endedNs: 0,
      threads: new Map(),
    };
    this.#accounts.set(stat.pid, account);
    return account;
  }

  #retire(pid: number, account: Account): void {
    this.#accounts.delete(pid);
    if (account.parent === null) this.#retiredNs += worthOf(account);
    else account.parent.endedNs += worthOf(account);
    // Its children that live on are nobody's now: no parent will have waited for them.
    for (const other of this.#accounts.values()) if (other.parent === account) other.parent = null;
  }
}

function worthOf(account: Account): number {
  return account.ownNs + Math.max(account.waitedNs, account.endedNs);
}
