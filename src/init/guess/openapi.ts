import { parse } from "yaml";
import type { Guess, Snapshot } from "./snapshot.js";

const NAME = /(^|\/)(openapi|swagger)[\w.-]*\.(json|ya?ml)$/i;

/** GET operations of an OpenAPI file that need no parameter; empty where there is no such file. */
export function openapiPaths({ texts }: Snapshot): Guess[] {
  for (const [path, text] of texts) {
    if (!NAME.test(path)) continue;
    const document = read(text);
    const paths = record(document["paths"]);
    const base = basePath(document);
    const found = Object.entries(paths).flatMap(([template, item]) => {
      const operations = record(item);
      const get = operations["get"];
      if (get === undefined || template.includes("{") || !template.startsWith("/")) return [];
      const parameters = [operations["parameters"], record(get)["parameters"]].flatMap((list) =>
        Array.isArray(list) ? (list as unknown[]) : [],
      );
      const needed = parameters.some((one) => record(one)["required"] === true);
      return needed ? [] : [{ value: `${base}${template}`, from: path }];
    });
    if (found.length > 0) return found;
  }
  return [];
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
