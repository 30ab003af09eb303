import { join } from "node:path";
import { bundles } from "../../parts/bundles.js";

/** The generator as it is published. */
export function generatorEntry(): string {
  return join(bundles(), "generator.cjs");
}
