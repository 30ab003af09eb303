import { TailgateError } from "../../error.js";
import type { RequestPlan } from "../../model/scenario-plan.js";
import type { Driver, ReadyRequest } from "../driver.js";
import { Http2Connection, type Http2Message } from "../http2/connection.js";
import { headersOf } from "../http2/http2-driver.js";
import { checkRequest } from "../requests/check-request.js";
import { framed } from "./frame.js";
import { concludeCall } from "./conclude-call.js";

/** Unary calls of gRPC: a request is one message, its path the method, its status `grpc-status`. */
export const grpcDriver: Driver<Http2Message> = {
  protocol: "grpc",
  abilities: { tls: true, connections: ["keep-alive", "new"], sequences: true },
  checkRequest(request) {
    checkRequest(request);
    checkCall(request);
  },
  clientOf: (endpoint) => ({
    encode: (request) => {
      const call = callOf(request);
      return { headers: headersOf(call, endpoint), body: call.body };
    },
    connect: (listener) => new Http2Connection(endpoint, listener, concludeCall),
  }),
};

/** Source: PROTOCOL-HTTP2.md of gRPC, "Requests". */
function callOf(request: ReadyRequest): ReadyRequest {
  const own = new Set(["content-type", "te", "accept"]);
  const headers = request.headers.filter(([name]) => !own.has(name.toLowerCase()));
  return {
    method: "POST",
    path: request.path,
    headers: [["te", "trailers"], ["content-type", "application/grpc"], ...headers],
    body: framed(request.body ?? Buffer.alloc(0)),
  };
}

function checkCall({ path }: RequestPlan): void {
  if (/^\/[\w.]+\/\w+$/.test(path)) return;
  throw new TailgateError(
    "load",
    `${JSON.stringify(path)} names no method of gRPC.`,
    "Write the full name of the service and its method: `rpc: shop.Users/Get`.",
  );
}
