import type { RequestPlan } from "../../model/plan.js";
import { TailgateError } from "../../error.js";
import { UnsendableRequest } from "../driver.js";
import { fillIn, type CapturedValues } from "../requests/capture-values.js";

const TOKEN = /^[!#$%&'*+.^_`|~0-9A-Za-z-]+$/;
// Header values: visible characters, space and tab; never a line break (RFC 9110, section 5.5).
const HEADER_VALUE = /^[\t\x20-\x7e\x80-\uffff]*$/;
/** Control characters, and halves of characters, which have no encoding; everything else is percent-encoded. */
// eslint-disable-next-line no-control-regex
const UNSENDABLE_IN_PATH = /[\0-\x1f\x7f]|\p{Surrogate}/u;
const PATH = /^\/[\x21-\x7e]*$/;

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
  for (const [name, value] of Object.entries(request.headers)) {
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

/**
 * The request as it goes over the wire, with captured values filled in: percent-encoded in the path, as they are in
 * headers and body. Throws `UnsendableRequest` for a value with a line break in a header.
 */
export function requestBytes(
  request: RequestPlan,
  host: string,
  close: boolean,
  values: CapturedValues,
): Buffer {
  const body = request.body === null ? null : Buffer.from(fillIn(request.body, values, String));
  const path = encodeURI(fillIn(request.path, values, encodeURIComponent)).replaceAll("%25", "%");
  if (!PATH.test(path)) throw new UnsendableRequest("a captured value makes an impossible path");
  const lines = [`${request.method} ${path} HTTP/1.1`];
  let hasHost = false;
  for (const [name, text] of Object.entries(request.headers)) {
    const value = fillIn(text, values, String);
    if (!HEADER_VALUE.test(value))
      throw new UnsendableRequest("a captured value has a line break and was to go into a header");
    if (name.toLowerCase() === "host") hasHost = true;
    lines.push(`${name}: ${value}`);
  }
  if (!hasHost) lines.splice(1, 0, `Host: ${host}`);
  lines.push(`Connection: ${close ? "close" : "keep-alive"}`);
  if (body !== null) lines.push(`Content-Length: ${body.length}`);
  const head = Buffer.from(lines.join("\r\n") + "\r\n\r\n");
  return body === null ? head : Buffer.concat([head, body]);
}
