import { join } from "node:path";
import { PROJECT_ROOT } from "./project-root.js";
import { type Toolchain, CARGO, NODE, UV } from "./toolchain.js";

/** A service of examples/ and what it takes to build it. */
export interface Stack {
  /** Of its folder below examples/, and of its arm. */
  readonly name: string;
  readonly toolchain: Toolchain;
}

/** Every stack that Tailgate is proved on, in the order of the table. */
export const STACKS: readonly Stack[] = [
  { name: "fastapi", toolchain: UV },
  { name: "fastapi-async", toolchain: UV },
  { name: "axum", toolchain: CARGO },
  { name: "actix-web", toolchain: CARGO },
  { name: "rocket", toolchain: CARGO },
  { name: "fastify", toolchain: NODE },
];

export function exampleOf(stack: Stack): string {
  return join(PROJECT_ROOT, "examples", stack.name);
}

/**
 * The stacks that were asked for by name, in the table's order; all of them where none was named.
 *
 * @throws Error that names the known ones
 */
export function stacksNamed(names: readonly string[]): readonly Stack[] {
  const unknown = names.find((name) => !STACKS.some((stack) => stack.name === name));
  if (unknown !== undefined) {
    throw new Error(`there is no stack ${unknown}; there are ${STACKS.map(({ name }) => name).join(", ")}`);
  }
  return names.length === 0 ? STACKS : STACKS.filter(({ name }) => names.includes(name));
}
