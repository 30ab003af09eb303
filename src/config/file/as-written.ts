import { type Document, isAlias, isMap, isScalar, isSeq, Scalar } from "yaml";
import { z } from "zod";
import { JsonNumber } from "./request/json-number.js";
import { childSchemas } from "./known-keys.js";

/** How a number or a boolean of the file is sent to a service: as text, or as a number in a JSON body. */
type Meaning = "text" | "json";

/**
 * Schemas whose scalars are sent as they stand in the file. YAML itself reads `3.10` as 3.1, `0x1F` as 31, and drops
 * digits of `12345678901234567890`.
 */
export const sentAsWritten = z.registry<{ readonly as: Meaning }>();

/** Gives every number and boolean of the document that is sent to a service the text that it has in the file. */
export function keepAsWritten(document: Document.Parsed, schema: z.ZodType): void {
  const found: { readonly scalar: Scalar; readonly meaning: Meaning }[] = [];

  /** Returns what stands in place of the node. */
  const descend = (node: unknown, schemas: readonly z.core.$ZodType[], outer: Meaning | null): unknown => {
    const inside = outer ?? (isRegistered(schemas, "json") ? "json" : null);
    if (isMap(node)) {
      for (const pair of node.items) {
        const key = isScalar(pair.key) ? pair.key : null;
        if (key?.source !== undefined && inside === "json") key.value = key.source;
        pair.value = descend(pair.value, childSchemas(schemas, String(key?.value)), inside);
      }
    } else if (isSeq(node)) {
      node.items = node.items.map((item, index) => descend(item, childSchemas(schemas, index), inside));
    } else if (isAlias(node)) {
      const named = node.resolve(document);
      // The same number may be text in a header and a number in a body.
      return isScalar(named) ? descend(copyOf(named), schemas, outer) : node;
    } else if (isScalar(node)) {
      const meaning = outer ?? (isRegistered(schemas, "text") ? "text" : null);
      if (meaning !== null) found.push({ scalar: node, meaning });
    }
    return node;
  };

  document.contents = descend(document.contents, [schema], null) as typeof document.contents;
  for (const { scalar, meaning } of found) scalar.value = sentValue(scalar, meaning);
}

function isRegistered(schemas: readonly z.core.$ZodType[], as: Meaning): boolean {
  return schemas.some((schema) => sentAsWritten.get(schema)?.as === as);
}

function sentValue({ value, source }: Scalar, meaning: Meaning): unknown {
  const misread = (typeof value === "number" || typeof value === "boolean") && String(value) !== source;
  if (!misread || source === undefined) return value;
  switch (meaning) {
    case "text":
      return source;
    case "json":
      return typeof value === "number" ? new JsonNumber(source) : value;
  }
}

function copyOf(scalar: Scalar): Scalar {
  const copy = new Scalar(scalar.value);
  if (scalar.source !== undefined) copy.source = scalar.source;
  copy.range = scalar.range ?? null;
  return copy;
}
