import { lookup } from "node:dns/promises";
import { isIP } from "node:net";
import { TailgateError } from "../error.js";
import { isMetadataAddress, isMetadataName } from "./address.js";
import type { Endpoint } from "./connection.js";
import type { Target } from "./profile.js";

/** Resolves names once, so that no connection waits for a name server and all go to one place. */
export class Endpoints {
  readonly #addresses = new Map<string, string>();

  async of(target: Target): Promise<Endpoint> {
    const { host, port, tls } = target;
    if (isMetadataName(host)) throw metadata(host);
    const address = isIP(host) > 0 ? host : (this.#addresses.get(host) ?? (await resolve(host)));
    this.#addresses.set(host, address);
    if (isMetadataAddress(address)) throw metadata(host);
    return { address, port, tls, serverName: isIP(host) > 0 ? null : host };
  }

  forget(): void {
    this.#addresses.clear();
  }
}

async function resolve(host: string): Promise<string> {
  try {
    return (await lookup(host)).address;
  } catch (error) {
    throw new TailgateError("load", `The host ${JSON.stringify(host)} is not known.`, "Check the name.", {
      cause: error,
    });
  }
}

function metadata(host: string): TailgateError {
  return new TailgateError(
    "load",
    `${host} is a cloud's metadata service; no load is sent there.`,
    "Give the address of the service to be measured.",
  );
}
