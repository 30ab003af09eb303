import { TailgateError } from "../../error.js";
import type { RequestPlan } from "../../model/scenario-plan.js";
import type { RequestFiles } from "../requests/body-of.js";

/**
 * Refuses messages that are none of what their method takes, before anything is sent. Where values are filled in while
 * the load runs, only the method is looked for.
 *
 * @throws TailgateError "config"
 */
export function requireMessages(requests: readonly RequestPlan[], files: RequestFiles): void {
  for (const { bodySource } of requests) {
    if (bodySource?.from !== "message") continue;
    const { proto, method, json } = bodySource;
    try {
      const codec = files.codecOf(proto, method);
      if (!/\{[^{}":]+\}/.test(json)) codec.encode(json);
    } catch (error) {
      throw new TailgateError(
        "config",
        `The message for \`${method}\` cannot be written: ${(error as Error).message}.`,
        `Compare \`message\` with what \`${proto}\` says; in JSON a field is called \`userId\` or \`user_id\`, and a 64-bit number may be text.`,
        { cause: error },
      );
    }
  }
}
