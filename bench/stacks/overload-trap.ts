import type { Result } from "../../src/model/result.js";

/** Requests per second that no stack in Python serves. */
export const TRAP_RATE_PER_SECOND = 10_000;

/**
 * Whether a rate beyond what a stack can serve was refused as it should be: in words, with the capacity that was found,
 * and without a latency that would only show how long the run lasted.
 *
 * @returns what is wrong; empty where it was refused
 */
export function wrongWithRefusal({ verdict, reason, cells, blocks }: Result): readonly string[] {
  const wrong: string[] = [];
  if (verdict !== "invalid") wrong.push(`the verdict is ${verdict}`);
  if (!/is offered 10000 requests\/s, but \S+ can serve about \d+ requests\/s/.test(reason)) {
    wrong.push(`the reason does not say what can be served: ${reason}`);
  }
  if (cells.length > 0 || blocks.length > 0) wrong.push("it was measured all the same");
  return wrong;
}
