// Bundles the entries into dist/: self-contained, so that an action or a fresh clone needs no install.
import { build } from "esbuild";
import { copyFile, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { licenseNotices } from "./license-notices.mjs";

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
  metafile: true,
};

const entries = await build({
  ...shared,
  entryPoints: ["src/action.ts", "src/cli.ts", "src/post.ts"],
  format: "esm",
  // CommonJS packages inside an ES module still ask for Node's own modules by `require`.
  banner: {
    js: "import{createRequire as __createRequire}from'node:module';const require=__createRequire(import.meta.url);",
  },
});

// The generator holds autocannon, which is CommonJS.
const generator = await build({
  ...shared,
  entryPoints: { generator: "src/load/generator/generator-process.ts" },
  format: "cjs",
  outExtension: { ".js": ".cjs" },
});

// Runs inside the service under diagnosis, whatever version of Node.js that has.
const instrument = await build({
  ...shared,
  entryPoints: { "node-instrument": "src/probes/node/agent/node-agent.ts" },
  format: "cjs",
  target: "node14",
  outExtension: { ".js": ".cjs" },
});

await copyFile("src/probes/python/agent/sitecustomize.py", join(outdir, "python-instrument.py"));

await writeFile(join(outdir, "package.json"), '{ "type": "module" }\n');
await writeFile(
  join(outdir, "licenses.txt"),
  await licenseNotices([entries.metafile, generator.metafile, instrument.metafile]),
);
