import type { ServiceMetric } from "./metric-descriptor.js";

const MEBIBYTE = 1024 ** 2;

/** Peak resident set of the service's whole process tree. */
export const memory = {
  name: "memory",
  label: "memory",
  wording: { subject: "memory", verb: "is", worse: "higher" },
  unit: "bytes",
  worse: "higher",
  scale: "log",
  gate: { limit: 0.05, floor: 2 * MEBIBYTE, proof: true },
  gatedByDefault: true,
  gateReference: {
    gate: "Gate on the peak resident memory of the service.",
    limit: "How much peak memory may grow.",
    floor: "Growth smaller than this is never a regression.",
  },
  fewestRequests: 0,
  unavailableBecause: "the memory of the services cannot be read here",
  isLatency: false,
  countsFailures: false,
  improvesWhenBroken: true,
  watchedLive: false,
  chart: { title: "Memory at its peak", tick: (value) => `${Math.round(value / MEBIBYTE)} MiB` },
  scope: "service",
  read: ({ peakResidentBytes }) => peakResidentBytes,
} as const satisfies ServiceMetric;
