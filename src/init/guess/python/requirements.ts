import { parse } from "smol-toml";
import type { Snapshot } from "../snapshot.js";

/** Where a project's packages stand. */
export const MANIFEST = /^(pyproject\.toml|Pipfile|setup\.py|requirements([\w-]*|\/[\w-]+)\.txt)$/;

/** Names of packages as they are asked for, in lower case; extras as `name[extra]` too. */
export function requirementsOf({ texts }: Snapshot): ReadonlySet<string> {
  const lines = [...texts].flatMap(([path, text]) => {
    if (!MANIFEST.test(path)) return [];
    if (path === "pyproject.toml") return inPyproject(text);
    if (path === "setup.py")
      return [...text.matchAll(/["']([A-Za-z][\w.-]{0,100}(?:\[[\w,]{0,100}\])?)[<>=~!]?/g)].map(
        (one) => one[1]!,
      );
    return text.split("\n");
  });
  return new Set(
    lines.flatMap((line) => {
      const match = /^\s*"?([A-Za-z0-9][A-Za-z0-9._-]*)(\[[^\]]*\])?/.exec(line);
      if (match === null) return [];
      const name = match[1]!.toLowerCase().replaceAll("_", "-");
      return match[2] === undefined ? [name] : [name, `${name}${match[2]}`];
    }),
  );
}

/**
 * The first extra of a project, in the order of its file, that a server for it stands in: such as `mainapp` with gunicorn.
 * An install of the project alone leaves it out. `null`: none, or it is among the dependencies as well.
 */
export function extraWithServer(text: string): string | null {
  const project = record(record(parsedToml(text))["project"]);
  const isServer = (one: unknown): boolean => typeof one === "string" && SERVER.test(one);
  const always = project["dependencies"];
  if (Array.isArray(always) && always.some(isServer)) return null;
  const extras = Object.entries(record(project["optional-dependencies"]));
  return extras.find(([, names]) => Array.isArray(names) && names.some(isServer))?.[0] ?? null;
}

const SERVER = /^(?:gunicorn|uvicorn|hypercorn|daphne|waitress)(?![\w-])/i;

function parsedToml(text: string): unknown {
  try {
    return parse(text);
  } catch {
    return null;
  }
}

/** Requirements wherever pyproject.toml may keep them: the standard's table, groups, Poetry's tables. */
function inPyproject(text: string): string[] {
  const parsed = parsedToml(text);
  const at = (...keys: string[]): unknown =>
    keys.reduce<unknown>(
      (value, key) =>
        typeof value === "object" && value !== null ? (value as Record<string, unknown>)[key] : undefined,
      parsed,
    );
  const listed = [
    at("project", "dependencies"),
    ...Object.values(record(at("project", "optional-dependencies"))),
    ...Object.values(record(at("dependency-groups"))),
  ].flatMap((value) => (Array.isArray(value) ? value.filter((one) => typeof one === "string") : []));
  const named = Object.entries(record(at("tool", "poetry", "dependencies"))).map(([name, value]) => {
    const extras: unknown = record(value)["extras"];
    return Array.isArray(extras) ? `${name}[${extras.join(",")}]` : name;
  });
  return [...listed, ...named];
}

function record(value: unknown): Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value)
    ? (value as Record<string, unknown>)
    : {};
}
