import type { z } from "zod";

/** Keys that the mapping at `path` of a document may have, read from its schema. */
export function knownKeys(schema: z.ZodType, path: readonly PropertyKey[]): string[] {
  let nodes: z.core.$ZodType[] = [schema];
  for (const key of path) nodes = nodes.flatMap((node) => children(node, key));
  return [...new Set(nodes.flatMap((node) => shapes(node)).flatMap((shape) => Object.keys(shape)))];
}

/** What may stand under a key of a value that has one of these schemas: each alternative by itself. */
export function childSchemas(
  schemas: readonly z.core.$ZodType[],
  key: string | number,
): readonly z.core.$ZodType[] {
  return schemas.flatMap((schema) => children(schema, key)).flatMap(unwrapped);
}

function unwrapped(node: z.core.$ZodType): z.core.$ZodType[] {
  const { def } = node._zod as unknown as { def: Record<string, unknown> };
  switch (def["type"]) {
    case "optional":
    case "nullable":
    case "default":
      return unwrapped(def["innerType"] as z.core.$ZodType);
    case "pipe":
      return unwrapped(def["in"] as z.core.$ZodType);
    case "union":
      return (def["options"] as z.core.$ZodType[]).flatMap(unwrapped);
    default:
      return [node];
  }
}

function shapes(node: z.core.$ZodType): Record<string, z.core.$ZodType>[] {
  return unwrapped(node).flatMap((inner) => {
    const { def } = inner._zod as unknown as { def: Record<string, unknown> };
    return def["type"] === "object" ? [def["shape"] as Record<string, z.core.$ZodType>] : [];
  });
}

function children(node: z.core.$ZodType, key: PropertyKey): z.core.$ZodType[] {
  return unwrapped(node).flatMap((inner) => {
    const { def } = inner._zod as unknown as { def: Record<string, unknown> };
    if (def["type"] === "array") return [def["element"] as z.core.$ZodType];
    if (def["type"] === "record") return [def["valueType"] as z.core.$ZodType];
    if (def["type"] !== "object") return [];
    const shape = def["shape"] as Record<string, z.core.$ZodType>;
    return Object.hasOwn(shape, key) ? [shape[String(key)]!] : [];
  });
}
