/** Who wrote a function: the repository under test, a package it depends on, or the runtime itself. */
export const FUNCTION_ORIGINS = ["repository", "dependency", "runtime"] as const;
export type FunctionOrigin = (typeof FUNCTION_ORIGINS)[number];

/** A function as a runtime names it. */
export interface ProfiledFunction {
  /** As the runtime calls it; empty where it has no name. */
  readonly name: string;
  /** From the checkout's root, or from the package's folder ("pg/lib/client.js"); `null` for the runtime's own code. */
  readonly file: string | null;
  /** Of its definition, from 1; `null` where the runtime does not tell. */
  readonly line: number | null;
  readonly origin: FunctionOrigin;
}

/** One call path, and the CPU time that was spent at its innermost function. */
export interface ProfiledStack {
  /** Places in the profile's `functions`, outermost first; empty for time that no function was seen to spend. */
  readonly frames: readonly number[];
  /** While the load ran, in microseconds. */
  readonly cpuUs: number;
}

/** What the instruments saw of one arm in one diagnosis block. */
export interface ArmProfile {
  readonly arm: string;
  /** Diagnosis blocks count from 1, apart from the judged ones. */
  readonly block: number;
  readonly functions: readonly ProfiledFunction[];
  /** Exact calls of each of `functions`, and the requests that they were counted over; `null`: not counted here. */
  readonly calls: { readonly counts: readonly number[]; readonly requests: number } | null;
  /** Sampled CPU, and the requests that it was sampled over; `null`: not sampled here. */
  readonly cpu: { readonly stacks: readonly ProfiledStack[]; readonly requests: number } | null;
  /** The service's whole CPU time of a request, from its processes, in microseconds; `null`: not available. */
  readonly serviceCpuUs: number | null;
  /** Median latency of a request under the same instrument, in microseconds. */
  readonly latencyUs: number;
  /** 99th percentile of the same. */
  readonly p99Us: number;
}
