import type { OutgoingHttpHeaders } from "node:http2";
import type { Driver, Endpoint, ReadyRequest, Response } from "../driver.js";
import { checkRequest } from "../requests/check-request.js";
import { Http2Connection, type Http2Message } from "./connection.js";

/** HTTP/2 over TLS or, with prior knowledge, over TCP. Each connection carries one request at a time. */
export const http2Driver: Driver<Http2Message> = {
  protocol: "http2",
  abilities: { tls: true, connections: ["keep-alive", "new"], sequences: true },
  checkRequest,
  clientOf: (endpoint) => ({
    encode: (request) => ({ headers: headersOf(request, endpoint), body: request.body }),
    connect: (listener) => new Http2Connection(endpoint, listener, wholeResponse),
  }),
};

function wholeResponse(response: Response): Response {
  return response;
}

/** A name is lower case and a repeated header a list (RFC 9113, section 8.2); Host goes into `:authority`. */
export function headersOf(
  { method, path, headers, body }: ReadyRequest,
  endpoint: Endpoint,
): OutgoingHttpHeaders {
  const fields: Record<string, string | string[]> = {
    ":method": method,
    ":scheme": endpoint.tls ? "https" : "http",
    ":authority": endpoint.authority,
    ":path": path,
  };
  for (const [name, value] of headers) {
    const key = name.toLowerCase() === "host" ? ":authority" : name.toLowerCase();
    const known = fields[key];
    if (known === undefined || key === ":authority") fields[key] = value;
    else fields[key] = [known, value].flat();
  }
  if (body !== null) fields["content-length"] = String(body.length);
  return fields;
}
