import { TailgateError } from "../../error.js";

/** The load generator's process was ended by somebody else: the load that was under way is lost. */
export class GeneratorGone extends TailgateError {
  /** @param how - "was killed (signal SIGKILL); out of memory?" */
  constructor(readonly how: string) {
    super(
      "load",
      `the load generator ${how}`,
      "Let nothing on this machine end it, and give the machine more memory if it lacks some.",
    );
  }
}

/** How a process of ours was ended by a signal, in words. Nobody but the kernel, or somebody with the right to, sends SIGKILL. */
export function endedBySignal(signal: string): string {
  return signal === "SIGKILL"
    ? "was killed (signal SIGKILL); out of memory?"
    : `was ended by ${signal}${signal === "SIGABRT" ? "; out of memory?" : ""}`;
}
