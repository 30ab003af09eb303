import type { Cookie } from "./cookies.js";

/** What a service gave at login: all requests to it may use it. */
export interface Session {
  /** Captured values by name. */
  readonly values: Readonly<Record<string, string>>;
  readonly cookies: readonly Cookie[];
}

export const NO_SESSION: Session = { values: {}, cookies: [] };
