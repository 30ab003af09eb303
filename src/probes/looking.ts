/*
 * What Tailgate and the instrument inside a service's process tell each other: one line of JSON each way for every
 * request. The instrument is in untrusted hands, so what it says is read like any other input.
 */

/** Names the socket that the instrument of a runtime connects to. */
export const SOCKET_VARIABLES = { node: "TAILGATE_NODE_SOCKET", python: "TAILGATE_PYTHON_SOCKET" } as const;

/** Counting calls disturbs the sampling of CPU, so that each launch does one of them. */
export const LOOKINGS = ["calls", "cpu"] as const;
export type Looking = (typeof LOOKINGS)[number];

/** Names what the launch is for, a `Looking`. */
export const LOOKING_VARIABLE = "TAILGATE_INSTRUMENT_LOOKING";

export interface InstrumentRequest {
  readonly id: number;
  readonly do: "start-calls" | "stop-calls" | "start-cpu" | "stop-cpu";
  /** Between two samples of the CPU, in microseconds. */
  readonly intervalUs?: number;
}
