import type { ReadyRequest } from "../driver.js";
import { captureValue } from "./capture-values.js";

/** Where a service is asked, as its redirects may name it. */
export interface Origin {
  readonly host: string;
  readonly port: number;
  readonly tls: boolean;
}

/** What a redirect makes of a request: another path, and where a form was sent, a GET in its place. */
export interface Redirect {
  readonly path: string;
  readonly asGet: boolean;
}

const REDIRECTS = new Set([301, 302, 303, 307, 308]);
const LOOPBACK = new Set(["localhost", "127.0.0.1", "[::1]"]);

/**
 * Where a response leads (RFC 9110, section 15.4); `null` where it leads nowhere, or to another host, where no load is
 * ever sent.
 *
 * @param headers - names and values in turn
 * @param before - what was asked
 */
export function redirectOf(
  status: number,
  headers: readonly string[],
  before: { readonly method: string; readonly path: string; readonly asGet: boolean },
  origin: Origin,
): Redirect | null {
  if (!REDIRECTS.has(status)) return null;
  const location = captureValue({ from: "header", name: "location" }, headers, () => null);
  if (location === null) return null;
  const host = origin.host.includes(":") ? `[${origin.host}]` : origin.host;
  const asked = new URL(`${origin.tls ? "https" : "http"}://${host}:${origin.port}${before.path}`);
  if (!URL.canParse(location, asked.href)) return null;
  const next = new URL(location, asked.href);
  const sameHost =
    next.hostname === asked.hostname || (LOOPBACK.has(next.hostname) && LOOPBACK.has(asked.hostname));
  if (!sameHost || next.protocol !== asked.protocol || next.port !== asked.port) return null;
  const forms = status === 303 ? before.method !== "HEAD" : status < 303 && before.method === "POST";
  return { path: `${next.pathname}${next.search}`, asGet: before.asGet || forms };
}

/** The request that a redirect asks for; what described a body goes with the body. */
export function redirected(request: ReadyRequest, { path, asGet }: Redirect): ReadyRequest {
  if (!asGet) return { ...request, path };
  const headers = request.headers.filter(([name]) => !/^content-/i.test(name));
  return { method: "GET", path, headers, body: null };
}
