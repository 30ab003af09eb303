/** A number in the body of a request, in the digits of the file: a double would lose some of `12345678901234567890`. */
export class JsonNumber {
  constructor(readonly source: string) {}

  toString(): string {
    return this.source;
  }
}

/** RFC 8259, section 6. */
const JSON_NUMBER = /^-?(0|[1-9][0-9]*)(\.[0-9]+)?([eE][+-]?[0-9]+)?$/;

function isJsonNumber(source: string): boolean {
  return JSON_NUMBER.test(source);
}

/** Where in a value numbers stand that JSON cannot say: `0123`, `0x1F`, `.inf`. */
export function unsendableNumbers(value: unknown, path: PropertyKey[] = []): PropertyKey[][] {
  if (value instanceof JsonNumber) return isJsonNumber(value.source) ? [] : [path];
  if (Array.isArray(value)) {
    return value.flatMap((item: unknown, index) => unsendableNumbers(item, [...path, index]));
  }
  if (typeof value !== "object" || value === null) return [];
  return Object.entries(value).flatMap(([key, inner]) => unsendableNumbers(inner, [...path, key]));
}

/** JSON as `JSON.stringify` writes it, but for numbers, which stay as they were written. */
export function toJson(value: unknown): string {
  if (value instanceof JsonNumber) return value.source;
  if (Array.isArray(value)) return `[${value.map(toJson).join(",")}]`;
  if (typeof value !== "object" || value === null) return JSON.stringify(value);
  const members = Object.entries(value).map(([key, inner]) => `${JSON.stringify(key)}:${toJson(inner)}`);
  return `{${members.join(",")}}`;
}
