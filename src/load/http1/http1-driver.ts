import type { Driver } from "../driver.js";
import { checkRequest } from "../requests/check-request.js";
import { Http1Connection, type Http1Message } from "./connection.js";
import { requestBytes } from "./request-bytes.js";

/** HTTP/1.1 and 1.0 over TCP or TLS, by autocannon's client. */
export const http1Driver: Driver<Http1Message> = {
  protocol: "http1",
  abilities: { tls: true, connections: ["keep-alive", "new"], sequences: true },
  checkRequest,
  clientOf: (endpoint) => ({
    encode: (request, closes) => ({
      bytes: requestBytes(request, endpoint.authority, closes),
      isHead: request.method.toUpperCase() === "HEAD",
    }),
    connect: (listener) => new Http1Connection(endpoint, listener),
  }),
};
