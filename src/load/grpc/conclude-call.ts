import { MalformedResponse } from "../connections/response-reader.js";
import type { Conclude } from "../http2/connection.js";

/** In the order of their numbers. Source: statuscodes.md of gRPC. */
const NAMES = [
  "OK",
  "CANCELLED",
  "UNKNOWN",
  "INVALID_ARGUMENT",
  "DEADLINE_EXCEEDED",
  "NOT_FOUND",
  "ALREADY_EXISTS",
  "PERMISSION_DENIED",
  "RESOURCE_EXHAUSTED",
  "FAILED_PRECONDITION",
  "ABORTED",
  "OUT_OF_RANGE",
  "UNIMPLEMENTED",
  "INTERNAL",
  "UNAVAILABLE",
  "DATA_LOSS",
  "UNAUTHENTICATED",
];

/**
 * The response to a call: its status is `grpc-status`, from the trailers, or from the headers where there is nothing
 * else. A response without one is none that a client of gRPC could use.
 */
export const concludeCall: Conclude = (response, trailers) => {
  const text = valueOf(trailers, "grpc-status") ?? valueOf(response.headers, "grpc-status");
  if (text === null) {
    throw new MalformedResponse(
      response.status === 200
        ? "no grpc-status came with it"
        : `it is HTTP status ${response.status} without a grpc-status`,
    );
  }
  if (!/^\d{1,3}$/.test(text)) throw new MalformedResponse("its grpc-status is no number");
  const status = Number(text);
  const message = valueOf(trailers, "grpc-message") ?? valueOf(response.headers, "grpc-message");
  return { ...response, status, statusText: describeStatus(status, message), codings: [] };
};

function describeStatus(status: number, message: string | null): string {
  const name = `grpc-status ${status}${NAMES[status] === undefined ? "" : ` ${NAMES[status]}`}`;
  return message === null || message === "" ? name : `${name}: ${decoded(message)}`;
}

/** `grpc-message` is percent-encoded. */
function decoded(message: string): string {
  try {
    return decodeURIComponent(message);
  } catch {
    return message;
  }
}

/** `lines`: names and values in turn. */
function valueOf(lines: readonly string[], wanted: string): string | null {
  for (let i = 0; i + 1 < lines.length; i += 2) if (lines[i] === wanted) return lines[i + 1]!;
  return null;
}
