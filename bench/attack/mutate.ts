import type { Random } from "../../src/stats/random.js";
import { below, oneOf } from "./attack.js";

/** Values that readers of documents were not made for. */
const ODD_VALUES: readonly unknown[] = [
  null,
  true,
  "",
  "0",
  "x".repeat(3000),
  "::error::pwned\n##[group]x",
  "\u001b[31mred\u001b[0m\u202egnp",
  "</script><img src=x onerror=alert(1)>",
  "| a | b |\n<!-- tailgate -->",
  "@org/team https://evil.example",
  "__proto__",
  0,
  -0,
  -1,
  0.5,
  1e-320,
  1e15,
  1e16,
  1e308,
  -1e308,
  Number.MAX_SAFE_INTEGER + 1,
  [],
  {},
  [[[[]]]],
  { constructor: { prototype: 1 } },
];

/** Pieces that mean something to YAML, JSON or HTTP. */
const PIECES = [
  ...Array.from("{}[]:,\"'&*!|>%@`#-?\\\n\r\t \u0000"),
  "*a",
  "&a ",
  "<<: *a",
  "!!js/function ",
  "1e999",
  ".nan",
  ".inf",
  "\ufeff",
  "\u2028",
  "\ud800",
  "...\n---\n",
  "0x",
  "${x}",
  "{port}",
];

/** A copy with one to three things changed: values, keys, lengths of lists. */
export function mutatedJson(document: unknown, random: Random): unknown {
  const copy = structuredClone(document);
  const changes = 1 + below(3, random);
  for (let change = 0; change < changes; change++) mutateSomewhere(copy, random);
  return copy;
}

function mutateSomewhere(root: unknown, random: Random): void {
  let at = root;
  // Deep places are as likely as shallow ones.
  for (let depth = 0; depth < 12; depth++) {
    if (typeof at !== "object" || at === null) return;
    const keys = Object.keys(at);
    if (keys.length === 0) return;
    const key = oneOf(keys, random);
    const holder = at as Record<string, unknown>;
    const inner = holder[key];
    const isLeaf = typeof inner !== "object" || inner === null;
    if (!isLeaf && random() < 0.85) {
      at = inner;
      continue;
    }
    mutateAt(holder, key, random);
    return;
  }
}

function mutateAt(holder: Record<string, unknown>, key: string, random: Random): void {
  const value = holder[key];
  switch (below(5, random)) {
    case 0:
      if (Array.isArray(holder)) holder.splice(Number(key), 1);
      else Reflect.deleteProperty(holder, key);
      return;
    case 1:
      if (Array.isArray(value)) holder[key] = Array.from({ length: 40 }, () => value[0] as unknown);
      else if (typeof value === "number") holder[key] = value * oneOf([-1, 0, 1e-9, 1e9, 1e300], random);
      else if (!Array.isArray(holder)) holder[`${key} ${oneOf(PIECES, random)}`] = value;
      return;
    default:
      holder[key] = oneOf(ODD_VALUES, random);
  }
}

/** A copy with pieces put in, taken out, doubled and moved. */
export function mutatedText(text: string, random: Random): string {
  let changed = text;
  const changes = 1 + below(4, random);
  for (let change = 0; change < changes; change++) {
    const at = below(changed.length + 1, random);
    const length = below(12, random);
    switch (below(5, random)) {
      case 0:
        changed = changed.slice(0, at) + changed.slice(at + length);
        break;
      case 1:
        changed = changed.slice(0, at) + changed.slice(at, at + length * 20).repeat(2) + changed.slice(at);
        break;
      case 2:
        changed = changed.slice(0, at);
        break;
      default:
        changed =
          changed.slice(0, at) + oneOf(PIECES, random).repeat(random() < 0.05 ? 5000 : 1) + changed.slice(at);
    }
  }
  return changed;
}

/** A copy with bytes flipped, cut off, doubled. */
export function mutatedBytes(bytes: Buffer, random: Random): Buffer {
  const copy = Buffer.from(bytes);
  const changes = 1 + below(8, random);
  for (let change = 0; change < changes && copy.length > 0; change++) {
    copy[below(copy.length, random)] = below(256, random);
  }
  if (random() < 0.2) return copy.subarray(0, below(copy.length + 1, random));
  return random() < 0.1 ? Buffer.concat([copy, copy]) : copy;
}
