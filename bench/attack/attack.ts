import type { Random } from "../../src/stats/random.js";

/** One kind of attack: what is tried once, from a seed of its own, so that it can be tried again alone. */
export interface Attack {
  readonly name: string;
  /** How often it is tried in a full run. */
  readonly count: number;
  /** Longest time that one try may take. */
  readonly limitMs: number;
  /** Why it cannot be tried on this machine; `null` where it can. */
  unavailable?(): string | null | Promise<string | null>;
  /** Once before the tries of this kind. */
  begin?(): Promise<void>;
  /** Rejects with an `Error` that says what did not hold. */
  tryOnce(random: Random, seed: number): Promise<void>;
  end?(): Promise<void>;
}

export function requireHeld(held: boolean, what: string): void {
  if (!held) throw new Error(what);
}

/** A whole number below `limit`. */
export function below(limit: number, random: Random): number {
  return Math.floor(random() * limit);
}

export function oneOf<T>(items: readonly T[], random: Random): T {
  return items[below(items.length, random)]!;
}
