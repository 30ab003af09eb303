// Bundles the entries into dist/: self-contained, so that an action or a fresh clone needs no install.
import { build } from "esbuild";
import { rm } from "node:fs/promises";

const outdir = process.argv[2] ?? "dist";
await rm(outdir, { recursive: true, force: true });

const shared = {
  bundle: true,
  platform: "node",
  target: "node20",
  outdir,
  minifySyntax: true,
  minifyWhitespace: true,
  legalComments: "none",
  charset: "utf8",
  logLevel: "warning",
};

await build({
  ...shared,
  entryPoints: ["src/action.ts", "src/cli.ts", "src/post.ts"],
  format: "esm",
  banner: { js: "import{createRequire as __r}from'node:module';const require=__r(import.meta.url);" },
});

// The generator holds autocannon, which is CommonJS and reads its own files at run time.
await build({
  ...shared,
  entryPoints: { generator: "src/load/generator-process.ts" },
  format: "cjs",
  outExtension: { ".js": ".cjs" },
});
