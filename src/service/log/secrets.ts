const SECRET_NAME =
  /token|secret|passw(or)?d|credential|(^|[_-])(pwd|pass|key|apikey|auth|dsn)s?($|[_-])|(api|private|access)key/i;
const URL_CREDENTIALS = /[a-z][a-z0-9+.-]*:\/\/[^\s:/@]*:([^\s/@]+)@/gi;
const ASSIGNMENT = /(?:^|[\s;&|])([A-Za-z_][A-Za-z0-9_]*)=("[^"]*"|'[^']*'|[^\s;&|]+)/g;

/** Named like secrets, and merely paths. */
const NO_SECRETS = new Set(["PWD", "SSH_AUTH_SOCK"]);

/**
 * Inputs of the action that are read in reports: commands, paths, settings. What other inputs a job holds (`INPUT_*`) is
 * not known, and masked.
 */
export const PLAIN_INPUTS: ReadonlySet<string> = new Set([
  "mode",
  "shard",
  "shard-by",
  "shards",
  "explain",
  "config",
  "build",
  "start",
  "path",
  "base",
  "head",
  "scenario",
  "budget",
  "fail-on",
  "comment",
  "comment-key",
  "working-directory",
  "matrix",
]);

/** Shorter values would blank out ordinary words. */
const SHORTEST_SECRET = 4;
const ORDINARY = new Set(["true", "false", "null", "none", "undefined", "test", "localhost"]);

/** Of a value so short, its base64 would be found in text of other meaning. */
const SHORTEST_ENCODED = 8;

/**
 * Values that must not be printed, in each of the ways in which they may be: of variables whose names say so and of
 * unknown inputs, passwords inside URLs, and assignments to such names inside commands.
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
    for (const encoded of base64Forms(value)) secrets.add(encoded);
    // A secret of several lines is printed line by line.
    for (const line of value.split("\n")) {
      if (line.trim().length >= 8) secrets.add(line.trim());
    }
  };
  for (const environment of environments) {
    for (const [name, value] of Object.entries(environment)) {
      if (value === undefined) continue;
      if (isSecret(name)) add(value);
      for (const match of value.matchAll(URL_CREDENTIALS)) add(decoded(match[1]!));
      for (const [, assigned, quoted] of value.matchAll(ASSIGNMENT)) {
        if (isSecret(assigned!)) add(quoted!.replace(/^(["'])(.*)\1$/s, "$2"));
      }
    }
  }
  return [...secrets].sort((a, b) => b.length - a.length);
}

function isSecret(name: string): boolean {
  if (NO_SECRETS.has(name)) return false;
  const input = /^INPUT_(.*)$/i.exec(name)?.[1];
  if (input !== undefined) return !PLAIN_INPUTS.has(input.toLowerCase().replaceAll("_", "-"));
  return SECRET_NAME.test(name);
}

/**
 * How a value looks inside of base64, such as that of `user:TOKEN`: what comes before shifts it by a byte or two, and what
 * surrounds it changes the outermost characters.
 */
function base64Forms(value: string): string[] {
  if (value.length < SHORTEST_ENCODED) return [];
  return [0, 1, 2].flatMap((shift) => {
    const bytes = Buffer.concat([Buffer.alloc(shift), Buffer.from(value)]);
    const inner = (text: string): string =>
      text.slice(Math.ceil((shift * 8) / 6), Math.floor((bytes.length * 8) / 6));
    return [inner(bytes.toString("base64")), inner(bytes.toString("base64url"))];
  });
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}
