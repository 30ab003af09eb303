// Writes the published JSON Schemas from the code that validates: node scripts/schemas.mjs [folder]
import { mkdir, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { build } from "esbuild";
import { format } from "prettier";

const root = join(import.meta.dirname, "..");
const folder = process.argv[2] ?? join(root, "schema");
// Inside the project, so that packages are found where they are installed.
const bundle = join(root, "node_modules", ".cache", `tailgate-schemas-${process.pid}.mjs`);
await build({
  stdin: {
    contents: `
      export { resultJsonSchema } from "./src/report/schema.ts";
      export { observationsJsonSchema } from "./src/report/observations-schema.ts";
    `,
    resolveDir: root,
  },
  outfile: bundle,
  bundle: true,
  packages: "external",
  platform: "node",
  format: "esm",
  logLevel: "warning",
});

try {
  const { resultJsonSchema, observationsJsonSchema } = await import(pathToFileURL(bundle).href);
  await mkdir(folder, { recursive: true });
  for (const [name, schema] of [
    ["result-1", resultJsonSchema()],
    ["observations-1", observationsJsonSchema()],
  ]) {
    const text = await format(JSON.stringify(schema), { parser: "json", printWidth: 110 });
    await writeFile(join(folder, `${name}.schema.json`), text);
  }
} finally {
  await rm(bundle, { force: true });
}
