import type { RawInputs } from "../../config/inputs.js";
import { meant } from "../../config/file/nearest.js";
import { TailgateError } from "../../error.js";

/** What a comment may set; all else is the workflow's. */
const OPTIONS = ["budget", "scenario"] as const;
type Option = (typeof OPTIONS)[number];

const LONGEST_LINE = 500;
const WORD = /\s*([a-z-]{1,30})=(?:"([^"]*)"|(\S+))/uy;

/**
 * Reads `/tailgate budget=10m scenario="list users"`, the first line of a comment. What somebody wrote is only ever a value
 * of an input, checked like one; nothing of it reaches a shell.
 *
 * @param body - of the comment
 * @returns nothing for a comment that does not begin with `/tailgate`: the workflow has its own reason to run then
 * @throws TailgateError "github" for anything but options that are known
 */
export function askedOptions(body: string): Pick<RawInputs, Option> {
  const line = body.split(/\r?\n/u, 1)[0]!.trim();
  const rest = /^\/tailgate(?=\s|$)(.*)$/u.exec(line)?.[1];
  if (rest === undefined) return {};
  if (line.length > LONGEST_LINE) throw refuse(`a line of ${line.length} characters`);
  const given: Partial<Record<Option, string>> = {};
  const written = rest.trimEnd();
  WORD.lastIndex = 0;
  while (WORD.lastIndex < written.length) {
    const at = WORD.lastIndex;
    const [, name, quoted, plain] = WORD.exec(written) ?? [];
    if (name === undefined) throw refuse(JSON.stringify(written.slice(at).trim().slice(0, 80)));
    const option = OPTIONS.find((known) => known === name);
    if (option === undefined) throw refuse(`\`${name}\`; ${meant(name, OPTIONS)}`);
    given[option] = quoted ?? plain!;
  }
  return given;
}

function refuse(what: string): TailgateError {
  return new TailgateError(
    "github",
    `The comment asks for what is not known: ${what}`,
    'Write `/tailgate`, `/tailgate budget=10m` or `/tailgate scenario="list users"`.',
  );
}
