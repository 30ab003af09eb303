import { parse } from "yaml";
import type { Guess, Snapshot } from "../snapshot.js";

const NAME = /(^|\/)(openapi|swagger)[\w.-]*\.(json|ya?ml)$/i;

/** Operations of an OpenAPI document: those that anybody may ask, and those that want a login. */
export interface OpenapiPaths {
  readonly paths: readonly Guess[];
  readonly guarded: readonly Guess[];
}

/** GET operations of an OpenAPI file that need no parameter; empty where there is no such file. */
export function openapiPaths({ texts }: Snapshot): OpenapiPaths {
  for (const [path, text] of texts) {
    if (!NAME.test(path)) continue;
    const found = pathsIn(text, path);
    if (found.paths.length + found.guarded.length > 0) return found;
  }
  return { paths: [], guarded: [] };
}

/** The same of a document that a service gave. */
export function pathsIn(text: string, from: string): OpenapiPaths {
  const document = read(text);
  const base = basePath(document);
  const found = Object.entries(record(document["paths"])).flatMap(([template, item]) => {
    const operations = record(item);
    const get = record(operations["get"]);
    if (operations["get"] === undefined || template.includes("{") || !template.startsWith("/")) return [];
    const parameters = [operations["parameters"], get["parameters"]].flatMap((list) =>
      Array.isArray(list) ? (list as unknown[]) : [],
    );
    if (parameters.some((one) => record(one)["required"] === true)) return [];
    const security = get["security"] ?? document["security"];
    // An empty requirement among them: it works without.
    const login =
      Array.isArray(security) &&
      security.length > 0 &&
      security.every((one: unknown) => Object.keys(record(one)).length > 0);
    return [{ login, guess: { value: `${base}${template}`, from } }];
  });
  return {
    paths: found.filter(({ login }) => !login).map(({ guess }) => guess),
    guarded: found.filter(({ login }) => login).map(({ guess }) => guess),
  };
}

/** Path of the first server (OpenAPI 3) or `basePath` (Swagger 2). */
function basePath(document: Readonly<Record<string, unknown>>): string {
  const servers: unknown = document["servers"];
  const url = Array.isArray(servers) ? record(servers[0])["url"] : document["basePath"];
  const match = typeof url === "string" ? /^(?:https?:\/\/[^/]*)?(\/[^{}?#]*)?$/.exec(url) : null;
  return (match?.[1] ?? "").replace(/\/$/, "");
}

function read(text: string): Record<string, unknown> {
  try {
    // YAML reads JSON as well.
    return record(parse(text, { maxAliasCount: 50 }));
  } catch {
    return {};
  }
}

function record(value: unknown): Record<string, unknown> {
  return typeof value === "object" && value !== null ? (value as Record<string, unknown>) : {};
}
