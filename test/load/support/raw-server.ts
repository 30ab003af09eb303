import { createServer, type Socket } from "node:net";
import type { AddressInfo } from "node:net";

export interface RawServer extends AsyncDisposable {
  readonly port: number;
  /** Connections taken so far. */
  readonly connections: number;
  /** Stops listening and resets every connection. */
  kill(): void;
}

export interface RawRequest {
  readonly socket: Socket;
  /** Counts requests over all connections from 0. */
  readonly index: number;
  /** Request line, headers and body. */
  readonly text: string;
}

/** A server that responds to each request with whatever bytes the test writes. */
export async function rawServer(respond: (request: RawRequest) => void): Promise<RawServer> {
  const sockets = new Set<Socket>();
  let index = 0;
  let connections = 0;
  const server = createServer((socket) => {
    connections++;
    sockets.add(socket);
    let text = "";
    socket.setNoDelay(true);
    socket.on("error", () => undefined);
    socket.on("close", () => sockets.delete(socket));
    socket.on("data", (data) => {
      text += data.toString("latin1");
      for (;;) {
        const head = text.indexOf("\r\n\r\n");
        if (head < 0) return;
        const length = Number(/content-length: (\d+)/i.exec(text.slice(0, head))?.[1] ?? 0);
        if (text.length < head + 4 + length) return;
        const request = text.slice(0, head + 4 + length);
        text = text.slice(head + 4 + length);
        respond({ socket, index: index++, text: request });
      }
    });
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const kill = (): void => {
    server.close();
    for (const socket of sockets) socket.resetAndDestroy();
  };
  return {
    port: (server.address() as AddressInfo).port,
    get connections() {
      return connections;
    },
    kill,
    [Symbol.asyncDispose]: () => {
      kill();
      return Promise.resolve();
    },
  };
}

/** A well-formed response with keep-alive. */
export function responseOf(body: string, status = "200 OK", headers = ""): string {
  return `HTTP/1.1 ${status}\r\n${headers}Content-Length: ${Buffer.byteLength(body)}\r\n\r\n${body}`;
}
