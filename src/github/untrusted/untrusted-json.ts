import { TailgateError } from "../../error.js";

/** A result is ten levels deep; a parser or a walk that recurses can be made to fail far beyond that. */
const DEEPEST = 64;

/**
 * Parses JSON that a stranger wrote. `__proto__` becomes an own property, as always with `JSON.parse`; readers must
 * take named fields only.
 *
 * @throws TailgateError "artifact"
 */
export function parseUntrustedJson(bytes: Uint8Array): unknown {
  let text: string;
  try {
    text = new TextDecoder("utf-8", { fatal: true }).decode(bytes);
  } catch (cause) {
    throw refuse("is not UTF-8", cause);
  }
  if (depthOf(text) > DEEPEST) throw refuse(`is nested more than ${DEEPEST} levels deep`);
  try {
    return JSON.parse(text) as unknown;
  } catch (cause) {
    throw refuse("is not JSON", cause);
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

function refuse(why: string, cause?: unknown): TailgateError {
  return new TailgateError(
    "artifact",
    `The result in the artifact ${why}.`,
    "Let `mode: measure` of the same version store it, and change nothing in it.",
    { cause },
  );
}
