import type { Capture } from "../../model/scenario-plan.js";

export type CapturedValues = ReadonlyMap<string, string>;

/** Replaces `{name}` by the captured value of that name; other braces stay as they are. */
export function fillIn(text: string, values: CapturedValues, encode: (value: string) => string): string {
  if (values.size === 0 || !text.includes("{")) return text;
  return text.replace(/\{([^{}]+)\}/g, (whole, name: string) => {
    const value = values.get(name);
    return value === undefined ? whole : encode(value);
  });
}

/**
 * Takes a value out of a response: from a header by its name (first one, any case), or from a JSON body by keys and
 * array positions. Numbers and booleans become text. `null`: the value is not there, or is no single value.
 */
export function captureValue(
  capture: Capture,
  headers: readonly string[],
  body: () => unknown,
): string | null {
  if (capture.from === "header") {
    const wanted = capture.name.toLowerCase();
    for (let i = 0; i + 1 < headers.length; i += 2) {
      if (headers[i]!.toLowerCase() === wanted) return headers[i + 1]!;
    }
    return null;
  }
  let value = body();
  for (const key of capture.path) {
    if (typeof value !== "object" || value === null || !Object.hasOwn(value, key)) return null;
    value = (value as Record<string, unknown>)[key];
  }
  return typeof value === "string" || typeof value === "number" || typeof value === "boolean"
    ? String(value)
    : null;
}

/** The body as JSON; `undefined` where the body is none. */
export function parseJson(body: Buffer | null): unknown {
  if (body === null) return undefined;
  try {
    return JSON.parse(body.toString("utf8")) as unknown;
  } catch {
    return undefined;
  }
}
