import { TailgateError } from "../error.js";

/** A result is ten levels deep; a parser or a walk that recurses can be made to fail far beyond that. */
const DEEPEST = 64;

/**
 * Parses JSON that a stranger wrote. `__proto__` becomes an own property, as always with `JSON.parse`; readers must
 * take named fields only.
 *
 * @param what - names it in an error
 * @throws TailgateError "artifact"
 */
export function parseUntrustedJson(bytes: Uint8Array, what = "The result in the artifact"): unknown {
  let text: string;
  try {
    text = new TextDecoder("utf-8", { fatal: true }).decode(bytes);
  } catch (cause) {
    throw refuse(what, "is not UTF-8", cause);
  }
  if (depthOf(text) > DEEPEST) throw refuse(what, `is nested more than ${DEEPEST} levels deep`);
  try {
    return JSON.parse(text) as unknown;
  } catch (cause) {
    throw refuse(what, "is not JSON; it may have been cut off", cause);
  }
}

/** Deepest nesting of brackets outside of strings; stops counting once it is too deep. */
function depthOf(text: string): number {
  let depth = 0;
  let inString = false;
  for (let i = 0; i < text.length; i++) {
    const character = text[i];
    if (inString) {
      if (character === "\\") i++;
      else if (character === '"') inString = false;
    } else if (character === '"') inString = true;
    else if (character === "[" || character === "{") {
      if (++depth > DEEPEST) return depth;
    } else if (character === "]" || character === "}") depth--;
  }
  return 0;
}

function refuse(what: string, why: string, cause?: unknown): TailgateError {
  return new TailgateError(
    "artifact",
    `${what} ${why}.`,
    "Let the same version of Tailgate store it, and change nothing in it.",
    { cause },
  );
}
