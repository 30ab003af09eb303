// Writes docs/configuration.md from the schema that validates tailgate.yml: node scripts/configuration-page.mjs [file]
import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { format } from "prettier";
import { parse, stringify } from "yaml";
import { fromSource, root } from "./from-source.mjs";
import { cell, code, example, keyed, kind, nested, shown, table } from "./schema-in-words.mjs";

const file = process.argv[2] ?? join(root, "docs", "configuration.md");
const { configJsonSchema, CONFIG_PATHS } = await fromSource(`
  export { configJsonSchema } from "./src/config/file/json-schema.ts";
  export { CONFIG_PATHS } from "./src/config/defaults.ts";
`);
const action = parse(await readFile(join(root, "action.yml"), "utf8"));
const schema = configJsonSchema();

const page = `# Configuration

<!-- Written by scripts/configuration-page.mjs from src/config and action.yml; change those. -->

Nothing but a start command is needed: everything else has a default. It can come from an action input or a flag, or
from the first of these files that exists, looked for in the working directory and then in the repository's root:
${CONFIG_PATHS.map((path) => `\`${path}\``).join(", ")}. \`tailgate init\` writes one.

**Precedence**: input or flag, then the file, then the default.

**Whose file governs.** Gates, load and experiment are those of **base's** file, so a pull request cannot loosen its own
limits. Head's file governs its own \`service\`, scenarios that base does not have (they are measured on head alone), and
\`accept\`. Where base has no file, head's counts. Every difference between the two files is a line in the report. On your own
machine, a file named with \`--config\` counts for both. A file that is in neither commit counts as it lies on the disk.

## Starting from nothing

\`tailgate init\` looks at package.json, pyproject.toml, requirements.txt, Pipfile, Cargo.toml, go.mod, pom.xml, build.gradle, Gemfile,
Procfile, Dockerfile, compose file, workflows, OpenAPI file and the sources, and proposes this file and a workflow. It says what each
guess comes from and what it does not know, shows both files as a difference, and asks before it writes.

- Lock and workspace files are looked for up to the repository's root. A folder without a service that has one below it (\`backend\`) leads
  there; of several you choose, or call \`cd backend && tailgate init\`.
- Start scripts that compile, migrate or watch are taken apart into \`build\`, \`setup\` and \`start\`.
- A service that is built already is started once, and its paths are asked with GET: what answers 401, 404 or 500 is said and left out.
  \`--try\` asks for that, \`--no-try\` starts nothing.
- Databases of a compose file or a CI job become \`services\` of the workflow, with the variables that lead there.

- \`--start\`, \`--build\` and \`--path\` take the place of a guess. Without a start command, nothing is written.
- \`--forks\` writes the [two workflows](forks-and-permissions.md#two-workflows) for pull requests from forks.
- \`--release\` also writes a workflow [against the last release](history.md#against-the-last-release).
- \`--action\` is what the workflow uses, such as a fork of the action.
- \`--yes\` asks nothing and writes the files that do not exist yet. It keeps a file that exists, says so, and ends with exit
  code 0. Without a terminal and without \`--yes\`, nothing is written and the exit code is 2.
- In a folder of a monorepo it writes \`tailgate.yml\` beside the service, and a workflow with \`working-directory\` at the root.

## A file with the most used keys

\`\`\`yaml
service:
  build: npm ci
  start: node server.js
  env: { LOG_LEVEL: warn }
  ready: { path: /health }
scenarios:
  - name: list users
    path: /users?limit=10
  - name: create user
    request: { method: POST, path: /users, body: { name: Ada } }
    expect: { status: 201 }
    gates: { p50: 10% }
gates:
  p95: { limit: 10%, floor: 0.5ms }
  memory: off
experiment: { budget: 5m }
\`\`\`

A limit carries its unit: \`5%\` is relative, \`0.1pp\` are percentage points, \`0.1ms\` a time, \`2MiB\` a size. An unknown key, a
number without its unit and a value out of range are errors. Each names its line and column, and an unknown key the nearest known one.

Nothing is gated below its \`floor\`: with \`p50: { limit: 5%, floor: 0.1ms }\` a median that grows from 0.5 to 0.58 ms (16 %) is
no regression.

## In the editor

[schema/config-1.schema.json](../schema/config-1.schema.json) is the JSON Schema of the file: completion, descriptions and
defaults, and mistakes underlined while you type. For the YAML extension of VS Code, with the schema copied into your
repository:

\`\`\`json
{ "yaml.schemas": { "./config-1.schema.json": [".github/tailgate.yml", "tailgate.yml"] } }
\`\`\`

Other editors with the YAML language server take a first line \`# yaml-language-server: $schema=\` with the path of that copy.

# Keys of tailgate.yml

${sections(schema.properties)}

# Inputs of the action

${table(
  ["Input", "Default", "What"],
  Object.entries(action.inputs).map(([name, input]) => [
    code(name),
    input.default === "" ? "" : code(input.default),
    cell(input.description),
  ]),
)}

# Outputs of the action

${table(
  ["Output", "What"],
  Object.entries(action.outputs).map(([name, output]) => [code(name), cell(output.description)]),
)}
`;

await writeFile(file, await format(page, { parser: "markdown", printWidth: 110 }));

/** One heading with its table for every top-level key, and one for every list or mapping inside it that has keys. */
function sections(properties) {
  return Object.entries(properties)
    .map(([key, node]) => section(key, node))
    .join("\n\n");
}

function section(key, node) {
  if (key === "gates") return gatesSection(node);
  if (key === "arms") return armsSection(node);
  const inner = keyed(node);
  const rows =
    inner === null ? [] : rowsOf(inner, key === "scenarios" ? new Set(["load", "gates"]) : new Set());
  return [
    `## \`${key}\``,
    `${node.description ?? ""}${rows.length === 0 && node.default !== undefined ? ` Default: ${shown(node.default)}.` : ""}`,
    rows.length === 0 ? "" : table(["Key", "Value", "Default", "What"], rows),
    node.examples?.length > 0 ? example(key, node.examples[0]) : "",
  ]
    .filter((part) => part !== "")
    .join("\n\n");
}

/** An arm has the keys of a service, which have their section, and some of its own. */
function armsSection(node) {
  const arm = node.additionalProperties;
  const own = Object.entries(arm.properties).filter(
    ([key]) => !(key in schema.properties.service.properties),
  );
  return [
    "## `arms`",
    node.description,
    "An arm has the keys of `service`, and:",
    table(
      ["Key", "Value", "What"],
      own.map(([key, value]) => [code(key), kind(value), cell(value.description)]),
    ),
    ...node.examples.map((one) => example("arms", one)),
    "[Services that run elsewhere](elsewhere.md) tells more of arms with a `url`.",
  ].join("\n\n");
}

/** The gates have the same keys each, so their table has a column for each key. */
function gatesSection(node) {
  const rows = Object.entries(node.properties).map(([metric, gate]) => {
    const long = gate.anyOf.find((one) => one.properties).properties;
    const standard = (key) => (long[key] === undefined ? "" : shown(long[key].default));
    return [
      code(metric),
      shown(gate.default),
      standard("floor"),
      standard("proof"),
      cell(long.limit.description),
    ];
  });
  const mappings = Object.entries(node.properties).map(([metric, gate]) => ({
    metric,
    keys: gate.anyOf.find((one) => one.properties).properties,
  }));
  const { limit, floor, proof } = mappings[0].keys;
  const otherwise = mappings
    .filter(({ keys }) => kind(keys.limit) !== kind(limit))
    .map(({ metric, keys }) => `; for ${metric} ${kind(keys.limit)}`);
  return [
    "## `gates`",
    `${node.description} Each is a limit (\`p50: 5%\`), or a mapping of \`limit\`, \`floor\` and \`proof\`, or \`off\`: measured and shown, not gated. What a mapping leaves out keeps its default.`,
    table(["Gate", "`limit`", "`floor`", "`proof`", "What the limit is on"], rows),
    `- \`limit\`: as above, with its unit (${kind(limit)}${otherwise.join("")}).\n- \`floor\`: ${floor.description}\n- \`proof\`: ${proof.description}`,
    example("gates", node.examples[0]),
  ].join("\n\n");
}

function rowsOf(node, closed, prefix = "") {
  return Object.entries(node.properties).flatMap(([key, value]) => {
    const name = `${prefix}${key}`;
    const row = [
      code(name),
      kind(value),
      value.default === undefined ? "" : shown(value.default),
      `${cell(value.description)}${structured(value)}`,
    ];
    const inner = prefix === "" && closed.has(key) ? null : nested(value);
    return [row, ...(inner === null ? [] : rowsOf(inner.node, closed, `${name}${inner.joint}`))];
  });
}

/** An example of a mapping or list whose keys are the user's own, which has no rows below it. */
function structured(node) {
  const [first] = node.examples ?? [];
  if (typeof first !== "object" || first === null || nested(node) !== null) return "";
  const text = stringify(first, { collectionStyle: "flow", lineWidth: 0 }).trim();
  return ` Example: \`${text}\`.`;
}
