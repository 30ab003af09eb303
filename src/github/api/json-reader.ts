/** JSON of unknown shape, read field by field without trusting any of it. */
export interface JsonReader {
  /** The value's own field; never one that every object inherits. */
  at(key: string): JsonReader;
  string(): string | null;
  number(): number | null;
  boolean(): boolean | null;
  list(): readonly JsonReader[];
}

/** Wraps a parsed JSON value. */
export function jsonReader(value: unknown): JsonReader {
  return {
    at: (key) => jsonReader(isRecord(value) && Object.hasOwn(value, key) ? value[key] : undefined),
    string: () => (typeof value === "string" ? value : null),
    number: () => (typeof value === "number" && Number.isFinite(value) ? value : null),
    boolean: () => (typeof value === "boolean" ? value : null),
    list: () => (Array.isArray(value) ? value.map(jsonReader) : []),
  };
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
