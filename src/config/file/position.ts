import { type Document, isCollection, type LineCounter } from "yaml";

/** `line:column` of what a path names; of its nearest parent that stands in the file where it is missing. */
export function positionOf(
  { path, key }: { readonly path: readonly PropertyKey[]; readonly key: string | null },
  document: Document.Parsed,
  lines: LineCounter,
): string {
  for (let length = path.length; length >= 0; length--) {
    const node: unknown = length === 0 ? document.contents : document.getIn(path.slice(0, length), true);
    const start = (length === path.length && key !== null ? keyStart(node, key) : null) ?? rangeStart(node);
    if (start !== null) {
      const { line, col } = lines.linePos(start);
      return `${line}:${col}`;
    }
  }
  return "1:1";
}

function rangeStart(node: unknown): number | null {
  return node !== null && typeof node === "object" && "range" in node && Array.isArray(node.range)
    ? (node.range[0] as number)
    : null;
}

function keyStart(node: unknown, key: string): number | null {
  if (!isCollection(node)) return null;
  for (const item of node.items) {
    const itemKey = (item as { key?: { value?: unknown } }).key;
    if (itemKey?.value === key) return rangeStart(itemKey);
  }
  return null;
}
