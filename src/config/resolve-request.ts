import type { Capture, LoadPlan, LoginPlan, RequestPlan } from "../model/scenario-plan.js";
import type { LoginSection, RequestSection } from "./file/file.js";
import { resolveBody } from "./resolve-body.js";
import { resolveExpectation } from "./resolve-expectation.js";
import { ofProtocol, resolveProtocol } from "./resolve-protocol.js";

export function resolveRequest(section: RequestSection): RequestPlan {
  const { type, ...body } = resolveBody(section);
  const headers = { ...section.headers };
  const named = Object.keys(headers).map((name) => name.toLowerCase());
  if (type !== null && !named.includes("content-type")) headers["content-type"] = type;
  return {
    method: section.method ?? (section.rpc === undefined ? "GET" : "POST"),
    path: section.rpc === undefined ? (section.path ?? "/") : `/${section.rpc}`,
    headers,
    ...body,
    ...(section.redirects === undefined ? {} : { redirects: section.redirects }),
    capture: resolveCaptures(section.capture),
  };
}

function resolveCaptures(section: RequestSection["capture"]): Record<string, Capture> {
  return Object.fromEntries(
    Object.entries(section ?? {}).map(([name, where]) => [name, resolveCapture(where)]),
  );
}

function resolveCapture(where: NonNullable<RequestSection["capture"]>[string]): Capture {
  return "json" in where
    ? { from: "json", path: where.json.split(".") }
    : { from: "header", name: where.header.toLowerCase() };
}

/**
 * What a login captures it captures from its last response.
 *
 * @param named - the protocol of the load
 */
export function resolveLogin(section: LoginSection, named: LoadPlan["protocol"]): LoginPlan {
  const written = section.requests ?? [section.request!];
  const requests = written.map(resolveRequest);
  const last = requests.at(-1)!;
  const protocol = resolveProtocol("login", written, named);
  const capture = { ...last.capture, ...resolveCaptures(section.capture) };
  return {
    requests: [...requests.slice(0, -1), { ...last, capture }],
    expect: ofProtocol("login", resolveExpectation(section.expect), protocol),
    ...(protocol === "http1" ? {} : { protocol }),
  };
}
