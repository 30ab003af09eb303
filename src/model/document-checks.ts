import { TailgateError } from "../error.js";
import { quoted } from "../text/escape.js";

type JsonObject = Readonly<Record<string, unknown>>;

export function oneOf<T extends string>(value: unknown, choices: readonly T[], place: string): T {
  const found = choices.find((choice) => choice === value);
  if (found !== undefined) return found;
  throw refusal(
    `${place} is ${shown(value)}, but has to be ${choices.map((choice) => `"${choice}"`).join(" or ")}`,
  );
}

export function flag(value: unknown, otherwise: boolean, place: string): boolean {
  if (value === undefined) return otherwise;
  if (typeof value === "boolean") return value;
  throw refusal(`${place} is ${shown(value)}, but has to be true or false`);
}

export function isObject(value: unknown): value is JsonObject {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

export function isFiniteNumber(value: unknown): value is number {
  return typeof value === "number" && Number.isFinite(value);
}

/** A value as it stands in the document, cut short. */
export function shown(value: unknown): string {
  if (value === undefined) return "missing";
  if (typeof value === "number") return String(value);
  if (typeof value === "object" && value !== null) return Array.isArray(value) ? "a list" : "an object";
  const text = JSON.stringify(value);
  return quoted(text.length > 60 ? `${text.slice(0, 60)}...` : text);
}

export function refusal(
  message: string,
  hint = "See the observations schema in the documentation of `tailgate judge`.",
): TailgateError {
  return new TailgateError("artifact", message, hint);
}
