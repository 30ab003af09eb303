import { build } from "esbuild";
import { mkdtempSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

let built: Promise<string> | null = null;

/** The generator's bundle, built once per test file into a temporary folder. */
export function generatorEntry(): Promise<string> {
  built ??= (async () => {
    const outfile = join(mkdtempSync(join(tmpdir(), "tailgate-generator-")), "generator.cjs");
    await build({
      entryPoints: ["src/load/generator/generator-process.ts"],
      outfile,
      bundle: true,
      platform: "node",
      target: "node20",
      format: "cjs",
      logLevel: "error",
    });
    return outfile;
  })();
  return built;
}
