// Runs TypeScript of src/ inside a script, without building dist/.
import { rm } from "node:fs/promises";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { build } from "esbuild";

/** The project's root. */
export const root = join(import.meta.dirname, "..");

/**
 * @param {string} contents an ES module, with paths from the project's root
 * @returns {Promise<any>} what it exports
 */
export async function fromSource(contents) {
  // Inside the project, so that packages are found where they are installed.
  const bundle = join(root, "node_modules", ".cache", `tailgate-script-${process.pid}-${Date.now()}.mjs`);
  await build({
    stdin: { contents, resolveDir: root },
    outfile: bundle,
    bundle: true,
    packages: "external",
    platform: "node",
    format: "esm",
    logLevel: "warning",
  });
  try {
    return await import(pathToFileURL(bundle).href);
  } finally {
    await rm(bundle, { force: true });
  }
}
