import type { ScenarioMetric } from "./metric-descriptor.js";

/** Requests per second with every connection busy: what the service can serve. */
export const throughput = {
  name: "throughput",
  label: "throughput",
  wording: { subject: "throughput", verb: "is", worse: "lower" },
  unit: "requests/s",
  worse: "lower",
  scale: "log",
  gate: { limit: 0.05, floor: 0, proof: true },
  gatedByDefault: true,
  gateReference: {
    gate: "Gate on requests per second at capacity.",
    limit: "How much throughput may fall.",
    floor: null,
  },
  fewestRequests: 0,
  unavailableBecause: "capacity was not measured",
  isLatency: false,
  countsFailures: false,
  improvesWhenBroken: true,
  watchedLive: false,
  chart: { title: "Throughput at capacity, requests/s", tick: (value) => `${Math.round(value)}` },
  scope: "scenario",
  ofMix: "whole",
  read: ({ throughputPerSecond }) => throughputPerSecond,
} as const satisfies ScenarioMetric;
