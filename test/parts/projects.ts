import { readdirSync } from "node:fs";
import { join, resolve } from "node:path";
import { packagesReached } from "./imports.js";

/** How a test file runs: beside others (`database`: with a PostgreSQL, `containers`: with a container engine), or with nothing beside it. */
export type ProjectName = "pure" | "edges" | "alone" | "database" | "containers";

/** A test that reaches one of these, through whatever it imports, works with processes or servers. */
const SYSTEM = [
  "node:child_process",
  "node:http",
  "node:https",
  "node:http2",
  "node:net",
  "node:tls",
  "playwright-core",
];

/**
 * Such tests measure time or processors, give a service a few milliseconds, or race with processes: what runs beside them
 * would change what they see. A sampling instrument that waits for a processor finds functions by when it got one.
 */
export const MEASURING = [
  /^e2e\/elsewhere\.test/,
  /^load\/generator\/(starved-)?generator\.test/,
  /^load\/http1\/(failure-reasons|hostile-service)\.test/,
  /^commands\/load\/load\.test/,
  /^load\/connections\/content-encoding\.test/,
  /^probes\/(.*\/)?\w+-instrument\.test/,
  /^service\/(.*\/)?stop\.test/,
  /^service\/(.*\/)?usage\.test/,
];

const TESTS = resolve(import.meta.dirname, "..");

/** Every test file, as a path from the project's root, by the way it runs. */
export function testFiles(): Readonly<Record<ProjectName, string[]>> {
  const reached = packagesReached();
  const projects: Record<ProjectName, string[]> = {
    pure: [],
    edges: [],
    alone: [],
    database: [],
    containers: [],
  };
  for (const name of readdirSync(TESTS, { recursive: true, encoding: "utf8" }).sort()) {
    if (name.endsWith(".test.ts")) projects[projectOf(name, reached(join(TESTS, name)))].push(`test/${name}`);
  }
  return projects;
}

/** @param name - of a file, from test/; @param packages - that it reaches */
function projectOf(name: string, packages: ReadonlySet<string>): ProjectName {
  if (!SYSTEM.some((one) => packages.has(one))) return "pure";
  if (name.startsWith("containers/")) return "containers";
  if (packages.has("pg")) return "database";
  return MEASURING.some((pattern) => pattern.test(name)) ? "alone" : "edges";
}
