import type { RequestPlan } from "../../model/scenario-plan.js";
import { TailgateError } from "../../error.js";
import { linesOf } from "./header-lines.js";

const TOKEN = /^[!#$%&'*+.^_`|~0-9A-Za-z-]+$/;
/** Visible characters, space and tab; never a line break (RFC 9110, section 5.5). */
export const HEADER_VALUE = /^[\t\x20-\x7e\x80-\uffff]*$/;
/** Control characters, and halves of characters, which have no encoding; everything else is percent-encoded. */
// eslint-disable-next-line no-control-regex
const UNSENDABLE_IN_PATH = /[\0-\x1f\x7f]|\p{Surrogate}/u;

/** The generator sets these itself, by where it connects to and what it sends. */
const RESERVED = new Set([
  "connection",
  "content-length",
  "transfer-encoding",
  "expect",
  "upgrade",
  "keep-alive",
]);

/** Refuses a request that could never be sent, before anything is started. */
export function checkRequest(request: RequestPlan): void {
  if (!TOKEN.test(request.method) || request.method.toUpperCase() === "CONNECT") {
    throw refused(
      `method ${JSON.stringify(request.method)}`,
      "Use a method such as GET, POST, PUT, PATCH, DELETE or HEAD.",
    );
  }
  if (!request.path.startsWith("/") || UNSENDABLE_IN_PATH.test(request.path)) {
    throw refused(
      `path ${JSON.stringify(request.path)}`,
      'A path starts with "/" and has no line breaks or control characters.',
    );
  }
  for (const [name, value] of linesOf(request.headers)) {
    if (!TOKEN.test(name) || !HEADER_VALUE.test(value)) {
      throw refused(
        `header ${JSON.stringify(name)}`,
        "Header names are tokens and values have no line breaks.",
      );
    }
    if (RESERVED.has(name.toLowerCase())) {
      throw refused(
        `header ${JSON.stringify(name)}`,
        "It is set by the load generator; use `connection: new` or `body` instead.",
      );
    }
  }
}

function refused(what: string, hint: string): TailgateError {
  return new TailgateError("load", `The ${what} cannot be sent.`, hint);
}
