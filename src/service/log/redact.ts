import type { Plan } from "../../model/plan.js";

const SECRET_NAME =
  /token|secret|passw(or)?d|credential|(^|[_-])(pwd|pass|key|apikey|auth|dsn)s?($|[_-])|(api|private|access)key/i;
const URL_CREDENTIALS = /([a-z][a-z0-9+.-]*:\/\/)([^\s:/@]*):([^\s/@]+)@/gi;

/** Named like secrets, and merely paths. */
const NO_SECRETS = new Set(["PWD", "SSH_AUTH_SOCK"]);

/** Shorter values would blank out ordinary words. */
const SHORTEST_SECRET = 4;
const ORDINARY = new Set(["true", "false", "null", "none", "undefined", "test", "localhost"]);

/**
 * Values that must not be printed: of variables whose names say so, and passwords inside URLs.
 *
 * @returns longest first, so that a secret that contains another is masked whole.
 */
export function secretsOf(
  ...environments: readonly Readonly<Record<string, string | undefined>>[]
): string[] {
  const secrets = new Set<string>();
  const add = (value: string): void => {
    if (value.length < SHORTEST_SECRET || ORDINARY.has(value.toLowerCase())) return;
    secrets.add(value);
    secrets.add(encodeURIComponent(value));
    // A secret of several lines is printed line by line.
    for (const line of value.split("\n")) {
      if (line.trim().length >= 8) secrets.add(line.trim());
    }
  };
  for (const environment of environments) {
    for (const [name, value] of Object.entries(environment)) {
      if (value === undefined) continue;
      if (SECRET_NAME.test(name) && !NO_SECRETS.has(name)) add(value);
      for (const match of value.matchAll(URL_CREDENTIALS)) add(decoded(match[3]!));
    }
  }
  return [...secrets].sort((a, b) => b.length - a.length);
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

/** Masks the given secrets, and the password of any URL, with `***`. */
export function redact(text: string, secrets: readonly string[]): string {
  let masked = text;
  for (const secret of secrets) masked = masked.replaceAll(secret, "***");
  return masked.replace(URL_CREDENTIALS, "$1$2:***@");
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
