/** JSON of unknown shape, read field by field without trusting any of it. */
export interface Loose {
  /** The value's own field; never one that every object inherits. */
  at(key: string): Loose;
  string(): string | null;
  number(): number | null;
  boolean(): boolean | null;
  list(): readonly Loose[];
}

/** Wraps a parsed JSON value. */
export function loose(value: unknown): Loose {
  return {
    at: (key) => loose(isRecord(value) && Object.hasOwn(value, key) ? value[key] : undefined),
    string: () => (typeof value === "string" ? value : null),
    number: () => (typeof value === "number" && Number.isFinite(value) ? value : null),
    boolean: () => (typeof value === "boolean" ? value : null),
    list: () => (Array.isArray(value) ? value.map(loose) : []),
  };
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
