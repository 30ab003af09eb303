import { TailgateError } from "../error.js";
import type { Expectation, LoadPlan } from "../model/scenario-plan.js";
import type { RequestSection } from "./file/file.js";

type Protocol = NonNullable<LoadPlan["protocol"]>;

/**
 * @param named - what the file says; left out: gRPC for its calls
 * @throws TailgateError "config" where calls of gRPC and other requests are mixed, or the protocol contradicts them
 */
export function resolveProtocol(
  scenario: string,
  requests: readonly RequestSection[],
  named: LoadPlan["protocol"],
): Protocol {
  const calls = requests.filter(({ rpc }) => rpc !== undefined).length;
  if (calls === 0 && named !== "grpc") return named ?? "http1";
  if (calls === requests.length && (named ?? "grpc") === "grpc") return "grpc";
  const contradiction =
    calls === 0
      ? "is to go over gRPC, but its request names no method"
      : `holds a call of gRPC, but ${calls < requests.length ? "other requests too" : `its protocol is \`${named!}\``}`;
  throw new TailgateError(
    "config",
    `\`${scenario}\` ${contradiction}.`,
    "Write `request: { rpc: shop.Users/Get, proto: shop.proto, message: {} }` for gRPC, and other requests in a scenario of their own, with `load: { protocol: http1 }` where gRPC is the rule.",
  );
}

/**
 * A call of gRPC is served with status 0, where nothing else is expected.
 *
 * @throws TailgateError "config" for a status that the protocol does not have
 */
export function ofProtocol(scenario: string, expect: Expectation, protocol: Protocol): Expectation {
  const isGrpc = protocol === "grpc";
  const foreign = expect.status.find((status) => status < 100 !== isGrpc);
  if (foreign !== undefined) {
    throw new TailgateError(
      "config",
      `\`${scenario}\` expects status ${foreign}, which is none of ${isGrpc ? "gRPC" : "HTTP"}.`,
      isGrpc ? "Those of gRPC are 0 (OK) to 16." : "Those of HTTP are 100 to 599; 0 to 16 are those of gRPC.",
    );
  }
  return isGrpc && expect.status.length === 0 ? { ...expect, status: [0] } : expect;
}
