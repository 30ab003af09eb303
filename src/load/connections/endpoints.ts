import { lookup } from "node:dns/promises";
import { connect, isIP } from "node:net";
import { TailgateError } from "../../error.js";
import type { Endpoint } from "../driver.js";
import { isMetadataAddress, isMetadataName } from "../metadata-address.js";
import type { Target } from "../phase.js";

/** How long an address may take to show whether anything listens there. */
const LISTENS_WITHIN_MS = 500;

/** Resolves names once, so that no connection waits for a name server and all go to one place. */
export class Endpoints {
  readonly #addresses = new Map<string, string>();

  async of(target: Target): Promise<Endpoint> {
    const { host, port, socketPath = null } = target;
    if (socketPath !== null) return socketEndpoint(target, socketPath);
    if (isMetadataName(host)) throw metadata(host);
    const place = `${host}:${port}`;
    const address = isIP(host) > 0 ? host : (this.#addresses.get(place) ?? (await resolve(host, port)));
    this.#addresses.set(place, address);
    if (isMetadataAddress(address)) throw metadata(host);
    return endpointAt(address, target);
  }

  forget(): void {
    this.#addresses.clear();
  }
}

/** Where a target is reached on a port, its name being resolved already. */
export function endpointAt(
  address: string,
  target: Pick<Target, "host" | "name" | "port" | "tls">,
): Endpoint {
  const { host, name = host, port, tls } = target;
  return {
    address,
    port,
    socketPath: null,
    tls,
    serverName: isIP(name) > 0 ? null : name,
    authority: authorityOf({ host: name, port, tls }),
  };
}

function socketEndpoint(target: Target, socketPath: string): Endpoint {
  const { host, port, tls } = target;
  const serverName = isIP(host) > 0 ? null : host;
  // A service of ours has no port, and no other name than this machine's.
  const authority = port === 0 ? host : authorityOf(target);
  return { address: host, port, socketPath, tls, serverName, authority };
}

function authorityOf({ host, port, tls }: Pick<Target, "host" | "port" | "tls">): string {
  const name = host.includes(":") ? `[${host}]` : host;
  return port === (tls ? 443 : 80) ? name : `${name}:${port}`;
}

async function resolve(host: string, port: number): Promise<string> {
  let addresses = ["127.0.0.1", "::1"];
  try {
    if (host !== "localhost") addresses = (await lookup(host, { all: true })).map(({ address }) => address);
  } catch (error) {
    throw new TailgateError("load", `The host ${JSON.stringify(host)} is not known.`, "Check the name.", {
      cause: error,
    });
  }
  // Many services listen on one of their name's addresses only, above all those on `localhost`.
  for (const address of addresses.filter((other) => !isMetadataAddress(other))) {
    if (addresses.length === 1 || (await listens(address, port))) return address;
  }
  return addresses[0]!;
}

function listens(address: string, port: number): Promise<boolean> {
  return new Promise((settle) => {
    const socket = connect({ host: address, port, timeout: LISTENS_WITHIN_MS });
    const end = (open: boolean) => (): void => {
      socket.destroy();
      settle(open);
    };
    socket.once("connect", end(true)).once("error", end(false)).once("timeout", end(false));
  });
}

function metadata(host: string): TailgateError {
  return new TailgateError(
    "load",
    `${host} is a cloud's metadata service; no load is sent there.`,
    "Give the address of the service to be measured.",
  );
}
