import { JsonNumber } from "./file/request/json-number.js";
import type { ConfigSource } from "./file/read-file.js";

/** Sections of head's file that count for head. */
const HEADS_OWN = new Set(["service", "accept"]);

/** One line for each difference between base's file and head's, saying whose value is used. */
export function differences(base: ConfigSource, head: ConfigSource): string[] {
  const before = flattened(base.written);
  const after = flattened(head.written);
  const keys = [...new Set([...before.keys(), ...after.keys()])].sort();
  return keys
    .filter((key) => before.get(key) !== after.get(key))
    .map((key) => line(key, before.get(key), after.get(key)));
}

function line(key: string, before: string | undefined, after: string | undefined): string {
  const section = key.split(".")[0]!;
  const isNewScenario = section === "scenarios" && before === undefined;
  const used =
    section === "service"
      ? "each revision uses its own"
      : HEADS_OWN.has(section) || isNewScenario
        ? "head's is used"
        : "base's is used";
  // Values of the environment may be secrets, and a login is made of them.
  if (key.startsWith("service.env.") || section === "login")
    return `\`${key}\` differs between base and head; ${used}.`;
  return `\`${key}\` is ${shown(before)} in base and ${shown(after)} in head; ${used}.`;
}

function shown(value: string | undefined): string {
  if (value === undefined) return "not set";
  return `\`${value.length > 60 ? `${value.slice(0, 60)}...` : value}\``;
}

/** Dotted key -> value as written; lists of named things go by their names, so that an inserted one moves nothing. */
function flattened(value: unknown, prefix = ""): Map<string, string> {
  const leaves = new Map<string, string>();
  const add = (key: string, inner: unknown): void => {
    for (const [path, leaf] of flattened(inner, prefix === "" ? key : `${prefix}.${key}`))
      leaves.set(path, leaf);
  };
  if (Array.isArray(value)) {
    value.forEach((item: unknown, index) => {
      add(nameOf(item) ?? `[${index}]`, item);
    });
  } else if (value !== null && typeof value === "object" && !(value instanceof JsonNumber)) {
    for (const [key, inner] of Object.entries(value)) add(key, inner);
  } else {
    leaves.set(prefix, String(value));
  }
  return leaves;
}

function nameOf(item: unknown): string | null {
  if (item === null || typeof item !== "object" || !("name" in item)) return null;
  return typeof item.name === "string" ? item.name : null;
}
