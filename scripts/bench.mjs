// Bundles bench/NAME/index.ts and runs it: node scripts/bench.mjs NAME [arguments...]
import { spawn } from "node:child_process";
import { join } from "node:path";
import { build } from "esbuild";

const [name, ...rest] = process.argv.slice(2);
if (name === undefined || !/^[a-z][a-z-]*$/.test(name)) {
  console.error("usage: node scripts/bench.mjs NAME [arguments...], with bench/NAME/index.ts");
  process.exit(2);
}

// Inside the project, so that packages are found where they are installed.
const outfile = join(import.meta.dirname, "..", "node_modules", ".cache", "tailgate-bench", `${name}.mjs`);
await build({
  entryPoints: [join(import.meta.dirname, "..", "bench", name, "index.ts")],
  outfile,
  bundle: true,
  packages: "external",
  platform: "node",
  target: "node20",
  format: "esm",
  sourcemap: "inline",
  logLevel: "warning",
});

const child = spawn(process.execPath, ["--enable-source-maps", outfile, ...rest], { stdio: "inherit" });
for (const signal of ["SIGINT", "SIGTERM"]) process.on(signal, () => child.kill(signal));
child.on("exit", (code, signal) => {
  process.exitCode = signal === null ? (code ?? 1) : 1;
});
