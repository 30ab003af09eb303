import { readFileSync } from "node:fs";
import { join } from "node:path";
import { parse } from "yaml";
import { type Stack, exampleOf } from "./stack.js";

/** How the stacks are loaded: the same for all. */
export interface StackLoad {
  readonly connections: number;
  readonly connection: "keep-alive" | "new";
  /** Requests per second; `auto`: half of what the slowest can serve. */
  readonly rate: "auto" | number;
}

/**
 * A tailgate.yml that compares stacks: each is the `service` of its own example, in the folder of its name.
 *
 * @param baseline - the stack that the others are compared with, one of `stacks`
 */
export function stacksConfiguration(
  stacks: readonly Stack[],
  baseline: string,
  load: StackLoad,
): Readonly<Record<string, unknown>> {
  const arms = stacks.map((stack) => [stack.name, { ...serviceOf(stack), cwd: stack.name }]);
  return {
    arms: Object.fromEntries(arms) as Record<string, unknown>,
    baseline,
    load: { connections: load.connections, connection: load.connection, rate: load.rate },
    scenarios: [{ name: "list users", path: "/" }],
  };
}

/** A tailgate.yml that compares a stack with itself, without a build where its folder holds one. */
export function twiceConfiguration(
  stack: Stack,
  load: StackLoad,
  { isBuilt }: { readonly isBuilt: boolean },
): Readonly<Record<string, unknown>> {
  const service = { ...serviceOf(stack), cwd: stack.name, ...(isBuilt ? { build: undefined } : {}) };
  const frame = stacksConfiguration([stack], stack.name, load);
  return { ...frame, arms: { one: service, other: service }, baseline: "one" };
}

function serviceOf(stack: Stack): Readonly<Record<string, unknown>> {
  const file = readFileSync(join(exampleOf(stack), "tailgate.yml"), "utf8");
  return (parse(file) as { service: Record<string, unknown> }).service;
}
