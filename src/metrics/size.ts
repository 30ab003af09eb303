import { formatBytes } from "../text/format-quantity.js";
import type { ScenarioMetric } from "./metric-descriptor.js";

/** Bytes of a response's body as sent. A loopback hardly charges for them; a network does. */
export const size = {
  name: "size",
  label: "response size",
  wording: { subject: "response size", verb: "is", worse: "larger" },
  unit: "bytes",
  worse: "higher",
  scale: "log",
  gate: { limit: 0.05, floor: 64, proof: true },
  gatedByDefault: false,
  gateReference: {
    gate: "Gate on the body bytes of a response.",
    limit: "How much larger a response may get.",
    floor: "Growth smaller than this is never a regression.",
  },
  fewestRequests: 0,
  unavailableBecause: "a response without a body has no size to compare",
  isLatency: false,
  countsFailures: false,
  improvesWhenBroken: false,
  watchedLive: false,
  chart: { title: "Body bytes per response", tick: formatBytes },
  scope: "scenario",
  ofMix: "parts",
  read: ({ bytesPerResponse }) => (bytesPerResponse > 0 ? bytesPerResponse : null),
} as const satisfies ScenarioMetric;
