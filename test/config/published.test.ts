import { execFile } from "node:child_process";
import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { stringify } from "yaml";
import { z } from "zod";
import { fileSchema } from "../../src/config/file/file.js";
import { configJsonSchema } from "../../src/config/file/json-schema.js";
import { checkInputs } from "../../src/config/inputs.js";
import { makePlan } from "../../src/config/make-plan.js";
import { readConfigFile } from "../../src/config/file/read-file.js";
import { METRICS } from "../../src/metrics/metrics.js";

/* The schema and the page that are published, against the code that validates. */

const ROOT = join(import.meta.dirname, "../..");

interface Node {
  readonly description?: string;
  readonly default?: unknown;
  readonly examples?: readonly unknown[];
  readonly properties?: Readonly<Record<string, Node>>;
  readonly items?: Node;
  readonly additionalProperties?: Node | boolean;
  readonly anyOf?: readonly Node[];
}

interface Key {
  readonly path: string;
  readonly node: Node;
}

function keysOf(node: Node, path = ""): Key[] {
  const own = Object.entries(node.properties ?? {}).flatMap(([key, inner]) => [
    { path: `${path}${key}`, node: inner },
    ...keysOf(inner, `${path}${key}.`),
  ]);
  const inside = [node.items, node.additionalProperties, ...(node.anyOf ?? [])].filter(
    (one): one is Node => typeof one === "object",
  );
  return [...own, ...inside.flatMap((one) => keysOf(one, path))];
}

const schema = configJsonSchema() as Node;
const keys = keysOf(schema);

function read(content: unknown): unknown {
  return readConfigFile(new TextEncoder().encode(stringify(content)), "tailgate.yml").content;
}

describe("what is committed is what the code writes", () => {
  let folder: string;
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), "tailgate-published-"));
  });
  afterAll(() => rm(folder, { recursive: true }));

  test.each([
    ["schema/config-1.schema.json", "scripts/schemas.mjs", "."],
    ["docs/configuration.md", "scripts/configuration-page.mjs", "configuration.md"],
  ])("%s", async (published, script, target) => {
    await promisify(execFile)(process.execPath, [join(ROOT, script), join(folder, target)], { cwd: ROOT });
    const fresh = join(folder, target === "." ? "config-1.schema.json" : target);
    expect(await readFile(join(ROOT, published), "utf8"), `run: node ${script}`).toBe(
      await readFile(fresh, "utf8"),
    );
  });
});

describe("the schema of tailgate.yml", () => {
  test("reaches down to the last key", () => {
    const paths = keys.map(({ path }) => path);
    for (const one of ["service.ready.timeout", "gates.p50.floor", "scenarios.requests.capture", "arms.port"])
      expect(paths).toContain(one);
  });

  test("describes every key, and shows how each is written", () => {
    const bare = keys.filter(
      ({ node }) => (node.description ?? "").length < 10 || (node.examples ?? []).length === 0,
    );
    expect(bare.map(({ path }) => path)).toEqual([]);
  });

  test.each(["setup", "reset"])("says that %s runs in the checkout of each arm", (key) => {
    const { description } = schema.properties!["service"]!.properties![key]!;
    expect(description).toContain("in the checkout of each arm");
  });

  test("its examples and defaults of top-level keys are taken by the reader", () => {
    for (const [key, node] of Object.entries(schema.properties!)) {
      const values = [...(node.examples ?? []), ...(node.default === undefined ? [] : [node.default])];
      for (const value of values) {
        expect(() => read({ [key]: value }), `${key}: ${JSON.stringify(value)}`).not.toThrow();
      }
    }
  });

  test("its defaults, written out, give the plan that leaving them out gives", () => {
    const written = (section: string): Record<string, unknown> =>
      Object.fromEntries(
        Object.entries(schema.properties![section]!.properties!)
          .filter(([, node]) => node.default !== undefined)
          .map(([key, node]) => [key, node.default]),
      );
    const explicit = {
      service: { start: "x", ...written("service"), ready: { timeout: "60s" } },
      load: written("load"),
      gates: written("gates"),
      experiment: written("experiment"),
      report: written("report"),
      scenarios: schema.properties!["scenarios"]!.default,
      accept: schema.properties!["accept"]!.default,
    };
    expect(Object.keys(explicit.gates)).toHaveLength(METRICS.length);
    expect(Object.keys(explicit.load)).toHaveLength(7);
    const plan = (content: unknown) =>
      makePlan({
        inputs: checkInputs({}, "flag"),
        baseFile: null,
        headFile: readConfigFile(new TextEncoder().encode(stringify(content)), "tailgate.yml"),
      });
    expect(plan(explicit)).toEqual(plan({ service: { start: "x" } }));
  });

  test.each<[string, unknown]>([
    ["a limit without its unit", { gates: { p50: 5 } }],
    ["a limit with another unit", { gates: { p50: "5pp" } }],
    ["a mistyped key", { load: { conections: 5 } }],
    ["no connections", { load: { connections: 0 } }],
    ["a path with a host", { scenarios: [{ path: "http://example.com/" }] }],
    ["a time without unit", { service: { ready: { timeout: "30" } } }],
    ["yes for a boolean", { experiment: { control: "yes" } }],
  ])("an editor and the reader both refuse %s", (_, content) => {
    const editor = z.fromJSONSchema(configJsonSchema());
    expect(editor.safeParse(content).success).toBe(false);
    expect(fileSchema.safeParse(content).success).toBe(false);
  });
});
