import { statSync } from "node:fs";
import { resolve } from "node:path";
import { TailgateError } from "../../error.js";
import type { Protocol } from "../../load/driver.js";
import type { RequestProfile } from "../../load/phase.js";
import type { RequestPlan } from "../../model/scenario-plan.js";
import { LONGEST_SOCKET_PATH_BYTES } from "../../service/lifecycle/listening-place.js";
import { wrongFlag } from "../flags.js";

/** Which protocol the load goes over, and where it goes, as typed by the user. */
export interface ProtocolOptions {
  /** `http1` (default), `http2` or `grpc`. */
  readonly protocol?: string | undefined;
  /** A socket file, in place of the host and port of the URL. */
  readonly unix?: string | undefined;
  /** Send load to another machine although its certificate is not trusted. */
  readonly insecure?: boolean | undefined;
  /** `shop.Users/Get` */
  readonly rpc?: string | undefined;
  readonly proto?: string | undefined;
  /** JSON */
  readonly message?: string | undefined;
}

export function parseProtocol({ protocol, rpc }: ProtocolOptions): Protocol {
  const named = protocol ?? (rpc === undefined ? "http1" : "grpc");
  if (named !== "http1" && named !== "http2" && named !== "grpc") {
    throw wrongFlag("--protocol", named, "Use `http1`, `http2` or `grpc`.");
  }
  if ((named === "grpc") === (rpc !== undefined)) return named;
  throw new TailgateError(
    "config",
    rpc === undefined ? "--protocol grpc needs a method." : `--rpc goes over gRPC, not over ${named}.`,
    "Write `--rpc shop.Users/Get --proto shop.proto --message '{}'`, or `--body-file` with the bytes of a message.",
  );
}

/** The request as a call of gRPC, where one is asked for. */
export function asCall(request: RequestPlan, { rpc, proto, message }: ProtocolOptions): RequestPlan {
  if (rpc === undefined) {
    if (proto === undefined && message === undefined) return request;
    throw new TailgateError("config", "--proto and --message say nothing without --rpc.", "Add the method.");
  }
  if (!/^[A-Za-z_][\w.]*\/[A-Za-z_]\w*$/.test(rpc)) {
    throw wrongFlag("--rpc", rpc, "Write the full name of the service and the method: `shop.Users/Get`.");
  }
  const call = { ...request, method: "POST", path: `/${rpc}` };
  const hasBody = request.body !== null || request.bodySource !== undefined;
  if (proto === undefined && message === undefined && hasBody) return call;
  if (proto === undefined || hasBody) {
    throw new TailgateError(
      "config",
      hasBody ? "There are both --proto and a body." : "--rpc needs a message.",
      "Give the .proto file and the message in JSON (`--proto`, `--message`), or the bytes (`--body-file`).",
    );
  }
  return { ...call, bodySource: { from: "message", proto, method: rpc, json: message ?? "{}" } };
}

export function expectationOf(protocol: Protocol): RequestProfile["expect"] {
  return { status: protocol === "grpc" ? [0] : [], contains: null, bytes: null };
}

/** Absolute path of a socket file that something may listen on; `null` where none is named. */
export function parseSocketPath(path: string | undefined): string | null {
  if (path === undefined) return null;
  const absolute = resolve(path);
  if (Buffer.byteLength(absolute) > LONGEST_SOCKET_PATH_BYTES) {
    const limit = `A socket's path has at most ${LONGEST_SOCKET_PATH_BYTES} bytes, its folder counted.`;
    throw wrongFlag("--unix", path, limit);
  }
  const found = statSync(absolute, { throwIfNoEntry: false });
  if (found === undefined) throw wrongFlag("--unix", path, "There is no such socket.");
  if (!found.isSocket())
    throw wrongFlag("--unix", path, "That is no socket; give the path that the service listens on.");
  return absolute;
}
