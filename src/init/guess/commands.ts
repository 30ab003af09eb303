/* Commands as they stand in scripts, Procfiles and Dockerfiles: what in them serves, and what only prepares. */

/** `A=1 B=2 program --flag` in its parts. */
export interface PlainCommand {
  /** With a blank at its end, or empty. */
  readonly variables: string;
  readonly program: string;
  /** With a blank before it, or empty. */
  readonly rest: string;
}

/** `null` where it is more than one plain command of a shell. */
export function plainCommand(text: string): PlainCommand | null {
  const unquoted = text.replace(/"[^"$`]*"|'[^']*'/g, "");
  if (/[&|;<>`()\n]|\$(?!\{?PORT\b)/.test(unquoted)) return null;
  const match = /^\s*((?:[A-Za-z_]\w*=(?:"[^"]*"|'[^']*'|\S*)\s+)*)(\S+)(.*?)\s*$/.exec(text);
  if (match === null) return null;
  return { variables: match[1]!.replace(/\s+/g, " "), program: match[2]!, rest: match[3]! };
}

/** The commands that a shell runs one after another: `a && b; c`. */
export function commandsIn(text: string): string[] {
  const parts = text.split(/\s*(?:&&|;|\n)\s*/);
  return parts.map((part) => part.trim()).filter((part) => part !== "");
}

/** Commands that make tables or what stands in them. */
const PREPARES_DATA =
  /\b(migrat\w*|seed\w*|populate|fixtures|loaddata|db:(create|setup|init|push|prepare)|db (push|upgrade|init)|upgrade head|init[_-]?db|create[_-]?(db|tables))\b/i;

export function preparesData(command: string): boolean {
  return PREPARES_DATA.test(command);
}

/** Among them those that only fill tables that are there. */
export function fillsTables(command: string): boolean {
  return /\b(seed\w*|populate|fixtures|loaddata)\b/i.test(command);
}
