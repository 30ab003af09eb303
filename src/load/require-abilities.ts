import { TailgateError } from "../error.js";
import type { Driver } from "./driver.js";
import { setsOf, type RequestProfile, type Target } from "./phase.js";

/**
 * Refuses what a driver cannot do, before anything is sent.
 *
 * @throws TailgateError "load"
 */
export function requireAbilities(driver: Driver, target: Target, profile: RequestProfile): void {
  const { tls, connections, sequences } = driver.abilities;
  const lacking = [
    ...(target.tls && !tls ? ["TLS"] : []),
    ...(connections.includes(profile.connection) ? [] : [`\`connection: ${profile.connection}\``]),
    ...(setsOf(profile).some(({ requests }) => requests.length > 1) && !sequences
      ? ["sequences of requests"]
      : []),
  ];
  if (lacking.length > 0) {
    throw new TailgateError(
      "load",
      `"${target.arm}" cannot be loaded as planned: over ${driver.protocol} there is no support for ${lacking.join(" and ")}.`,
      "Change the load of this scenario, or its protocol.",
    );
  }
  for (const { requests } of setsOf(profile))
    requests.forEach((request) => {
      driver.checkRequest(request);
    });
}
