import type { ErrorCounts } from "./measurement.js";
import type { ScenarioMetric } from "./metric-descriptor.js";

/** Share of the requests that failed: a wrong status or body, a timeout, a broken connection. */
export const errors = {
  name: "errors",
  label: "errors",
  wording: { subject: "errors", verb: "are", worse: "more" },
  unit: "share",
  worse: "higher",
  scale: "difference",
  gate: { limit: 0.001, floor: 0, proof: true },
  gatedByDefault: true,
  gateReference: {
    gate: "Gate on the share of failed requests.",
    limit: "How much the share of failed requests may grow, in percentage points.",
    floor: null,
  },
  fewestRequests: 0,
  unavailableBecause: "neither arm was sent a request",
  isLatency: false,
  countsFailures: true,
  improvesWhenBroken: false,
  watchedLive: false,
  chart: null,
  scope: "scenario",
  ofMix: "parts",
  read: ({ requests, errors }) => (requests === 0 ? null : failedRequests(errors) / requests),
} as const satisfies ScenarioMetric;

export function failedRequests({ status, timeout, connection, body }: ErrorCounts): number {
  return status + timeout + connection + body;
}
