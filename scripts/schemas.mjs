// Writes the published JSON Schemas from the code that validates: node scripts/schemas.mjs [folder]
import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { format } from "prettier";
import { fromSource, root } from "./from-source.mjs";

const folder = process.argv[2] ?? join(root, "schema");
const { resultJsonSchema, shardJsonSchema, observationsJsonSchema, historyJsonSchema, configJsonSchema } =
  await fromSource(`
  export { resultJsonSchema } from "./src/model/result.ts";
  export { shardJsonSchema } from "./src/model/shard.ts";
  export { observationsJsonSchema } from "./src/model/observations.ts";
  export { historyJsonSchema } from "./src/model/history-line.ts";
  export { configJsonSchema } from "./src/config/file/json-schema.ts";
`);
await mkdir(folder, { recursive: true });
for (const [name, schema] of [
  ["result-1", resultJsonSchema()],
  ["shard-1", shardJsonSchema()],
  ["observations-1", observationsJsonSchema()],
  ["history-1", historyJsonSchema()],
  ["config-1", configJsonSchema()],
]) {
  const text = await format(JSON.stringify(schema), { parser: "json", printWidth: 110 });
  await writeFile(join(folder, `${name}.schema.json`), text);
}
