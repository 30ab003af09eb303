import type { RequestListener } from "node:http";
import { createServer as createHttpsServer } from "node:https";
import { selfSigned } from "../../parts/self-signed.js";
import { connect, createServer, type AddressInfo, type Server, type Socket } from "node:net";

/** A service that seems to run elsewhere. */
export interface Delayed {
  readonly port: number;
  close(): void;
}

/** A service over TLS on this machine behind a proxy that holds all bytes back, each way for half of `delayMs`. */
export async function delayed(handle: RequestListener, delayMs: number): Promise<Delayed> {
  const service = createHttpsServer(selfSigned(), handle);
  const inside = await listening(service);
  const open = new Set<Socket>();
  const proxy = createServer({ noDelay: true }, (client) => {
    const upstream = connect({ host: "127.0.0.1", port: inside, noDelay: true });
    for (const [from, to] of [
      [client, upstream],
      [upstream, client],
    ] as const) {
      open.add(from);
      from.on("data", (bytes: Buffer) => {
        setTimeout(() => to.write(bytes), delayMs / 2);
      });
      from.on("error", () => to.destroy());
      from.on("close", () => {
        open.delete(from);
        setTimeout(() => to.destroy(), delayMs);
      });
    }
  });
  const port = await listening(proxy);
  return {
    port,
    close() {
      for (const socket of open) socket.destroy();
      proxy.close();
      service.close().closeAllConnections();
    },
  };
}

async function listening(server: Server): Promise<number> {
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return (server.address() as AddressInfo).port;
}
