/** What is known of the machine. */
export interface Processors {
  /** Numbers of the processors this process may run on, ascending; `null` where the system does not tell. */
  readonly allowed: readonly number[] | null;
  /** Groups that share a physical core; empty where unknown. */
  readonly siblings: readonly (readonly number[])[];
  /** Whether `taskset` is installed. */
  readonly taskset: boolean;
}

/** Where the generator and the arms run. */
export interface Placement {
  /** Processor list for the generator; `null`: not placed. */
  readonly generator: string | null;
  /** Processor list of an arm in a block; `null`: not placed. */
  processorsOf(arm: string, block: number): string | null;
  /** What was done, in one sentence for the report. */
  readonly words: string;
}

/**
 * Gives the generator a processor of its own and the arms the others. Arms share these, all the same ones, because they
 * take turns; where every arm can have two or more for itself, each gets its own and they swap from block to block, so
 * that no arm is favoured by a better core.
 */
export function placementFor(arms: readonly string[], processors: Processors): Placement {
  const { allowed } = processors;
  if (allowed === null) return notPlaced("which processors may be used cannot be read on this system");
  if (allowed.length < 2) return notPlaced("there is one processor: the generator and the service share it");
  if (!processors.taskset) return notPlaced("`taskset` is not installed");

  const generator = allowed[0]!;
  const others = allowed.slice(1);
  const beside = new Set(processors.siblings.find((group) => group.includes(generator)) ?? []);
  // The other half of the generator's core is slower while the generator works: left to the system where there is room.
  const whole = others.filter((processor) => !beside.has(processor));
  const usable = whole.length >= 2 ? whole : others;
  const each = Math.floor(usable.length / Math.max(1, arms.length));
  if (arms.length < 2 || each < 2) {
    const list = usable.join(",");
    return {
      generator: String(generator),
      processorsOf: () => list,
      words: `the load generator ran on processor ${generator}, every arm on ${named(usable)}`,
    };
  }
  const groups = arms.map((_, index) => usable.slice(index * each, (index + 1) * each));
  return {
    generator: String(generator),
    processorsOf(arm, block) {
      const index = arms.indexOf(arm);
      return index < 0 ? null : groups[(index + block) % groups.length]!.join(",");
    },
    words: `the load generator ran on processor ${generator}, each arm on ${each} of its own, swapped from block to block (${groups
      .map((group) => group.join(","))
      .join(" and ")})`,
  };
}

/** Everything runs wherever the system puts it. */
export function notPlaced(why: string): Placement {
  return {
    generator: null,
    processorsOf: () => null,
    words: `nothing was placed on processors of its own: ${why}`,
  };
}

function named(processors: readonly number[]): string {
  return processors.length === 1 ? `processor ${processors[0]!}` : `processors ${processors.join(",")}`;
}

/** Parses the kernel's lists, such as `0-3,8`. Source: cpuset(7), "List format". */
export function parseProcessorList(text: string): number[] {
  const processors: number[] = [];
  for (const part of text.trim().split(",")) {
    const [, from, to] = /^(\d+)(?:-(\d+))?$/.exec(part) ?? [];
    if (from === undefined) continue;
    for (let processor = Number(from); processor <= Number(to ?? from); processor++)
      processors.push(processor);
  }
  return processors.sort((a, b) => a - b);
}
