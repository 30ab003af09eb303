/**
 * Quantities with a unit, as people write them in tailgate.yml: `5m`, `7.5%`, `0.1pp`, `2MiB`, `0.1ms`.
 * Each parser returns the value in the unit its name says, or a sentence that says what is wrong.
 * Only ASCII digits with an optional decimal part: no sign, no exponent, no full-width digits.
 */
export type Parsed =
  { readonly ok: true; readonly value: number } | { readonly ok: false; readonly problem: string };

const NUMBER_AND_UNIT = /^([0-9]{1,12}(?:\.[0-9]{1,9})?) ?([A-Za-zµ%]*)$/;

const MILLISECONDS = { us: 0.001, µs: 0.001, ms: 1, s: 1000, m: 60_000, min: 60_000, h: 3_600_000 } as const;
const BYTES = { B: 1, kB: 1000, KiB: 1024, MB: 1e6, MiB: 1024 ** 2, GB: 1e9, GiB: 1024 ** 3 } as const;

function parse(text: string, units: Readonly<Record<string, number>>, example: string): Parsed {
  const match = NUMBER_AND_UNIT.exec(text.trim());
  if (!match) return { ok: false, problem: `is not a number with a unit; write it like ${example}` };
  const [, digits, unit] = match;
  if (unit === "") return { ok: false, problem: `has no unit; write it like ${example}` };
  if (!Object.hasOwn(units, unit!)) {
    return {
      ok: false,
      problem: `has an unknown unit \`${unit!}\`; known are ${Object.keys(units).join(", ")}`,
    };
  }
  return { ok: true, value: Number(digits) * units[unit!]! };
}

/** `500ms`, `5s`, `5m`, `1h` -> milliseconds. */
export function parseDurationMs(text: string): Parsed {
  return parse(text, MILLISECONDS, "`5m`, `30s` or `500ms`");
}

/** `0.1ms`, `50us` -> microseconds. */
export function parseLatencyUs(text: string): Parsed {
  const parsed = parse(text, MILLISECONDS, "`0.1ms`");
  return parsed.ok ? { ok: true, value: parsed.value * 1000 } : parsed;
}

/** `2MiB`, `500kB` -> bytes. */
export function parseBytes(text: string): Parsed {
  return parse(text, BYTES, "`2MiB`");
}

/** `7.5%` -> 0.075. A bare number is refused: `5` could mean 5 % or 500 %. */
export function parsePercent(text: string): Parsed {
  const parsed = parse(text, { "%": 1 }, "`5%`");
  return parsed.ok ? { ok: true, value: parsed.value / 100 } : parsed;
}

/** `0.1pp` (percentage points) -> 0.001. */
export function parsePercentagePoints(text: string): Parsed {
  const parsed = parse(text, { pp: 1 }, "`0.1pp` (percentage points)");
  return parsed.ok ? { ok: true, value: parsed.value / 100 } : parsed;
}
