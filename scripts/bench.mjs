// Bundles bench/NAME/index.ts and runs it: node scripts/bench.mjs NAME [arguments...]
import { spawn } from "node:child_process";
import { copyFile, readdir } from "node:fs/promises";
import { dirname, join } from "node:path";
import { build } from "esbuild";

const [name, ...rest] = process.argv.slice(2);
if (name === undefined || !/^[a-z][a-z-]*$/.test(name)) {
  console.error("usage: node scripts/bench.mjs NAME [arguments...], with bench/NAME/index.ts");
  process.exit(2);
}

/** Packages stay outside, but for one whose names Node.js cannot import: it fills its exports one by one. */
const packagesOutside = {
  name: "packages-outside",
  setup({ onResolve }) {
    onResolve({ filter: /^[^./]/ }, ({ path, kind }) =>
      kind === "entry-point" || path.startsWith("protobufjs") ? undefined : { path, external: true },
    );
  },
};

// Inside the project, so that packages are found where they are installed.
const outfile = join(import.meta.dirname, "..", "node_modules", ".cache", "tailgate-bench", `${name}.mjs`);
await build({
  entryPoints: [join(import.meta.dirname, "..", "bench", name, "index.ts")],
  outfile,
  bundle: true,
  plugins: [packagesOutside],
  banner: {
    js: "import { createRequire as tailgateRequire } from 'node:module'; const require = tailgateRequire(import.meta.url);",
  },
  platform: "node",
  target: "node20",
  format: "esm",
  sourcemap: "inline",
  logLevel: "warning",
});

// Processes of their own are looked for beside whoever starts them.
const dist = join(import.meta.dirname, "..", "dist");
for (const file of (await readdir(dist)).filter((entry) => /\.(cjs|py)$/.test(entry)))
  await copyFile(join(dist, file), join(dirname(outfile), file));

const child = spawn(process.execPath, ["--enable-source-maps", outfile, ...rest], { stdio: "inherit" });
for (const signal of ["SIGINT", "SIGTERM"]) process.on(signal, () => child.kill(signal));
child.on("exit", (code, signal) => {
  process.exitCode = signal === null ? (code ?? 1) : 1;
});
