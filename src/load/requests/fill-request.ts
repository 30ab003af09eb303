import type { RequestPlan } from "../../model/scenario-plan.js";
import { UnsendableRequest, type ReadyRequest } from "../driver.js";
import { bodyOf, textsOfBody, type RequestFiles } from "./body-of.js";
import { fillIn, type CapturedValues } from "./capture-values.js";
import { HEADER_VALUE } from "./check-request.js";
import { linesOf, withUsualHeaders } from "./header-lines.js";

const PATH = /^\/[\x21-\x7e]*$/;

/**
 * The request with values in place of their names: percent-encoded in the path, as they are in headers and body.
 *
 * @throws UnsendableRequest for a value with a line break in a header, or one that makes an impossible path
 */
export function fillRequest(request: RequestPlan, values: CapturedValues, files: RequestFiles): ReadyRequest {
  const path = encodeURI(fillIn(request.path, values, encodeURIComponent)).replaceAll("%25", "%");
  if (!PATH.test(path)) throw new UnsendableRequest("a captured value makes an impossible path");
  const headers = withUsualHeaders(linesOf(request.headers)).map(([name, text]) => {
    const value = fillIn(text, values, String);
    if (!HEADER_VALUE.test(value))
      throw new UnsendableRequest("a captured value has a line break and was to go into a header");
    return [name, value] as const;
  });
  return { method: request.method, path, headers, body: bodyOf(request, values, files) };
}

/** Whether a request depends on values of these names, so that it differs from sample to sample. */
export function hasPlaceholders(request: RequestPlan, names: readonly string[]): boolean {
  const texts = [request.path, ...textsOfBody(request), ...Object.values(request.headers).flat()];
  return texts.some((text) => names.some((name) => text.includes(`{${name}}`)));
}
