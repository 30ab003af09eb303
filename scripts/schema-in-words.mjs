import { markdownTable } from "markdown-table";
import { stringify } from "yaml";

// How a JSON Schema of tailgate.yml is told to people: kinds of values, defaults, examples, tables.

/** The mapping whose keys a node lists: itself, or what its entries look like. */
export function keyed(node) {
  if (node.properties) return node;
  if (node.items?.properties) return node.items;
  return null;
}

/** Keys below a key: of a mapping, of the entries of a list, or of the long form of a gate where it has more than short. */
export function nested(node) {
  if (node.properties) return { node, joint: "." };
  if (node.items?.properties) return { node: node.items, joint: "[]." };
  const long = node.anyOf?.find((one) => one.properties);
  return long ? { node: long, joint: "." } : null;
}

export function kind(node) {
  if (node.enum) return node.enum.map((value) => code(value)).join(", ");
  if (node.const !== undefined) return code(node.const);
  if (node.anyOf) return [...new Set(node.anyOf.map(kind))].join(" or ");
  if (node.format === "date") return "day";
  if (node.pattern?.includes("pp)")) return "percentage points";
  if (node.pattern?.includes("(%)")) return "percent";
  if (node.pattern?.includes("MiB")) return "size";
  if (node.pattern?.includes("|min|")) return "time";
  if (Array.isArray(node.type)) return node.type.map(typeName).join(" or ");
  if (node.type === "integer" || node.type === "number") return range(node);
  return typeName(node.type);
}

function typeName(type) {
  return (
    {
      string: "text",
      boolean: "true or false",
      object: "mapping",
      array: "list",
      null: "null",
      number: "number",
    }[type] ?? String(type)
  );
}

function range(node) {
  const low = node.minimum ?? node.exclusiveMinimum;
  const above = node.minimum === undefined && low !== undefined ? "above " : "";
  return node.maximum === undefined || node.maximum > 1e9
    ? `${above}${low} or more`
    : `${above}${low} to ${node.maximum}`;
}

export function example(key, value) {
  const text = stringify({ [key]: value }, { lineWidth: 100, collectionStyle: "any" });
  return `\`\`\`yaml\n${text}\`\`\``;
}

export function shown(value) {
  return code(typeof value === "string" ? value : JSON.stringify(value));
}

export function code(value) {
  return `\`${value}\``;
}

export function cell(text) {
  return (text ?? "").replaceAll("\n", " ").trim();
}

export function table(head, rows) {
  return markdownTable([head, ...rows].map((row) => row.map((one) => one.replaceAll("|", "\\|"))));
}
