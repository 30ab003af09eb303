import { formatDuration } from "../text/format-quantity.js";
import type { ScenarioMetric } from "./metric-descriptor.js";

/** CPU time of the whole process tree for one request, at the offered rate. */
export const cpu = {
  name: "cpu",
  label: "CPU/request",
  wording: { subject: "CPU per request", verb: "is", worse: "higher" },
  unit: "us/request",
  worse: "higher",
  scale: "log",
  gate: { limit: 0.05, floor: 0, proof: true },
  gatedByDefault: true,
  gateReference: {
    gate: "Gate on CPU time per request.",
    limit: "How much CPU time per request may grow.",
    floor: null,
  },
  fewestRequests: 0,
  unavailableBecause: "the CPU time of the services cannot be read here",
  isLatency: false,
  countsFailures: false,
  improvesWhenBroken: true,
  watchedLive: false,
  chart: { title: "CPU time per request", tick: formatDuration },
  scope: "scenario",
  ofMix: "whole",
  read: ({ cpuUsPerRequest }) => cpuUsPerRequest,
} as const satisfies ScenarioMetric;
