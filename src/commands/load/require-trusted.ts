import { isIP } from "node:net";
import { connect } from "node:tls";
import { TailgateError } from "../../error.js";
import { isLoopback } from "../../load/is-loopback.js";
import type { Target } from "../../load/phase.js";

/** How long another machine may take for a handshake. */
const WITHIN_MS = 5000;

/**
 * Looks at the certificate of another machine once, before any header of the user's is sent there. A service on this
 * machine may have one of its own making.
 *
 * @throws TailgateError "load" where nobody vouches for it
 */
export async function requireTrusted({ host, port, tls, socketPath = null }: Target): Promise<void> {
  if (!tls || socketPath !== null || isLoopback(host)) return;
  const doubt = await new Promise<string | null>((resolve) => {
    const name = isIP(host) > 0 ? {} : { servername: host };
    const socket = connect({ host, port, ...name, rejectUnauthorized: false, timeout: WITHIN_MS });
    const end = (reason: string | null): void => {
      socket.destroy();
      resolve(reason);
    };
    socket.once("secureConnect", () => {
      end(socket.authorized ? null : String(socket.authorizationError));
    });
    // The load itself tells what stands in the way of a connection.
    socket.once("error", () => {
      end(null);
    });
    socket.once("timeout", () => {
      end(null);
    });
  });
  if (doubt === null) return;
  throw new TailgateError(
    "load",
    `The certificate of ${host} is not trusted (${doubt}).`,
    "Send the load all the same with --insecure; whoever answers there sees your headers.",
  );
}
