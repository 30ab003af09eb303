import type { Plan } from "../../model/plan.js";
import { secretsOf } from "./secrets.js";

const URL_CREDENTIALS = /([a-z][a-z0-9+.-]*:\/\/)([^\s:/@]*):([^\s/@]+)@/gi;
const MASK = "***";

/** Programs that write base64 begin a new line after 64 or 76 characters. */
const LONGEST_LINE = 60;

/** So much of a secret is one still. */
const SHORTEST_PART = 4;

/** Masks the given secrets, and the password of any URL, with `***`. */
export function redact(text: string, secrets: readonly string[]): string {
  let masked = text;
  for (const secret of secrets) {
    masked = masked.replaceAll(secret, MASK);
    if (secret.length > LONGEST_LINE) masked = masked.replace(brokenOver(secret), MASK);
  }
  return masked.replace(URL_CREDENTIALS, `$1$2:${MASK}@`);
}

const patterns = new Map<string, RegExp>();

/** The secret with line breaks anywhere in it. */
function brokenOver(secret: string): RegExp {
  let pattern = patterns.get(secret);
  if (pattern === undefined) {
    const characters = Array.from(secret, (character) => character.replace(/[^A-Za-z0-9]/, "\\$&"));
    pattern = new RegExp(characters.join("(?:\\r?\\n)?"), "g");
    patterns.set(secret, pattern);
  }
  return pattern;
}

/**
 * Masks secrets in a piece of a text, the cut ones at its edges too.
 *
 * @param cut - whether something was cut off before its start, and after its end
 */
export function redactPiece(
  text: string,
  secrets: readonly string[],
  cut: { readonly start: boolean; readonly end: boolean },
): string {
  let piece = text;
  for (const secret of secrets) {
    if (cut.start) piece = withoutStart(piece, secret);
    if (cut.end) piece = withoutEnd(piece, secret);
  }
  return redact(piece, secrets);
}

function withoutStart(text: string, secret: string): string {
  for (let from = 1; from <= secret.length - SHORTEST_PART; from++) {
    if (text.startsWith(secret.slice(from))) return MASK + text.slice(secret.length - from);
  }
  return text;
}

function withoutEnd(text: string, secret: string): string {
  for (let length = secret.length - 1; length >= SHORTEST_PART; length--) {
    if (text.endsWith(secret.slice(0, length))) return text.slice(0, -length) + MASK;
  }
  return text;
}

/** What is looked up by its name, and never a sentence: a mask in it would make it another one. */
const IDENTIFIERS = new Set([
  "arm",
  "arms",
  "baseline",
  "code",
  "kind",
  "metric",
  "name",
  "role",
  "scenario",
  "schema",
  "sha",
  "startOrder",
  "startedAt",
  "unit",
  "until",
  "verdict",
]);

/** A document with secrets masked in everything that is a sentence, a command or a value. */
export function withoutSecrets<T>(document: T, secrets: readonly string[]): T {
  const clean = (value: unknown): unknown => {
    if (typeof value === "string") return redact(value, secrets);
    if (Array.isArray(value)) return value.map(clean);
    if (typeof value !== "object" || value === null) return value;
    return Object.fromEntries(
      Object.entries(value).map(([key, inner]) => [key, isName(key, inner) ? inner : clean(inner)]),
    );
  };
  return clean(document) as T;
}

function isName(key: string, value: unknown): boolean {
  const isText = typeof value === "string" || (Array.isArray(value) && typeof value[0] === "string");
  return isText && IDENTIFIERS.has(key);
}

/** A plan for a result, which travels further than a configuration file: secrets in `service.env` are masked. */
export function planWithoutSecrets(plan: Plan): Plan {
  const arms = plan.arms.map((arm) => {
    const secrets = secretsOf(arm.service.env);
    const env = Object.entries(arm.service.env).map(([name, value]) => [name, redact(value, secrets)]);
    return { ...arm, service: { ...arm.service, env: Object.fromEntries(env) as Record<string, string> } };
  });
  return { ...plan, arms };
}
