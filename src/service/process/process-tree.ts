import { isRunning, listPids, readEnviron, readStat, type ProcessStat } from "./proc.js";

/** What the tree reads; the system's own /proc, or a made-up one in a test. */
export interface ProcessSource {
  readonly listPids: () => number[];
  readonly readStat: (pid: number) => ProcessStat | null;
  readonly readEnviron: (pid: number) => string[] | null;
}

const systemProcesses: ProcessSource = { listPids, readStat, readEnviron };

/**
 * The processes that come from one start: children of members, members of the session, and whatever carries the mark
 * in its environment, such as a daemon that forked twice and called setsid. Once a member, always a member.
 *
 * A look lists /proc and reads only members and processes not seen before, so that it costs little when often repeated.
 */
export class ProcessTree {
  readonly #members = new Map<number, ProcessStat>();
  readonly #foreign = new Set<number>();
  readonly #entry: string;
  #rootStart: number | null = null;

  constructor(
    private readonly root: number,
    mark: { readonly variable: string; readonly value: string },
    private readonly source: ProcessSource = systemProcesses,
  ) {
    this.#entry = `${mark.variable}=${mark.value}`;
  }

  /** Looks again. Members by pid, zombies included, with what was read of them now. */
  refresh(pids: readonly number[] = this.source.listPids()): ReadonlyMap<number, ProcessStat> {
    const listed = new Set(pids);
    for (const pid of this.#foreign) if (!listed.has(pid)) this.#foreign.delete(pid);

    const fresh: ProcessStat[] = [];
    for (const pid of new Set([...this.#members.keys(), ...listed])) {
      const known = this.#members.get(pid);
      if (known === undefined && this.#foreign.has(pid)) continue;
      const stat = listed.has(pid) ? this.source.readStat(pid) : null;
      if (known !== undefined && (stat === null || stat.startTime !== known.startTime))
        this.#members.delete(pid);
      if (stat === null) continue;
      if (known?.startTime === stat.startTime) this.#members.set(pid, stat);
      else fresh.push(stat);
    }
    this.#admit(fresh);
    return this.#members;
  }

  /** Members that still do something. */
  running(): number[] {
    return [...this.refresh().values()].filter(isRunning).map((stat) => stat.pid);
  }

  /** Forgets which processes were judged not to belong, so that the next look examines each once more. */
  forgetForeign(): void {
    this.#foreign.clear();
  }

  #admit(fresh: readonly ProcessStat[]): void {
    this.#rootStart ??= fresh.find((stat) => stat.pid === this.root)?.startTime ?? null;
    let undecided = fresh.filter((stat) => {
      // Whoever was there before the root was started cannot come from it.
      const older = this.#rootStart !== null && stat.startTime < this.#rootStart;
      if (older) this.#foreign.add(stat.pid);
      return !older;
    });
    // A child may be listed before its parent: repeat until nobody is added.
    for (let before = -1; before !== undecided.length;) {
      before = undecided.length;
      undecided = undecided.filter((stat) => {
        if (!this.#isRelated(stat)) return true;
        this.#members.set(stat.pid, stat);
        return false;
      });
    }
    let marked = false;
    for (const stat of undecided) {
      const environ = this.source.readEnviron(stat.pid);
      if (environ?.includes(this.#entry) === true) {
        this.#members.set(stat.pid, stat);
        marked = true;
      } else if (environ === null || environ.length > 0) {
        this.#foreign.add(stat.pid);
      }
      // An empty environment is that of a process just being loaded, or of a kernel thread: look again next time.
    }
    if (marked) {
      for (const stat of undecided) {
        if (!this.#members.has(stat.pid) && this.#isRelated(stat)) {
          this.#members.set(stat.pid, stat);
          this.#foreign.delete(stat.pid);
        }
      }
    }
  }

  #isRelated(stat: ProcessStat): boolean {
    if (this.#members.has(stat.parent)) return true;
    if (stat.pid === this.root) return stat.startTime === this.#rootStart;
    // The number of a session whose members are all gone may by now be that of a stranger's.
    return (
      stat.session === this.root && [...this.#members.values()].some(({ session }) => session === this.root)
    );
  }
}
