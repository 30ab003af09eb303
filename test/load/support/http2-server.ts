import {
  createSecureServer,
  createServer,
  type Http2Server,
  type ServerHttp2Session,
  type ServerHttp2Stream,
  type IncomingHttpHeaders,
} from "node:http2";
import type { AddressInfo } from "node:net";
import { selfSigned } from "../../parts/self-signed.js";

export interface Http2Listener extends AsyncDisposable {
  readonly port: number;
  /** Sessions taken so far. */
  readonly sessions: number;
}

/** `body`: all that came with the request; `index` counts requests from 0. */
export type Http2Respond = (
  stream: ServerHttp2Stream,
  request: { readonly headers: IncomingHttpHeaders; readonly body: Buffer; readonly index: number },
) => void;

/** A server that speaks HTTP/2 alone, with prior knowledge or over TLS. */
export async function http2Server(
  respond: Http2Respond,
  { tls = false, at = 0 }: { readonly tls?: boolean; readonly at?: number | string } = {},
): Promise<Http2Listener> {
  const open = new Set<ServerHttp2Session>();
  let index = 0;
  let sessions = 0;
  const server: Http2Server = tls ? createSecureServer({ ...selfSigned() }) : createServer();
  server.on("session", (session: ServerHttp2Session) => {
    sessions++;
    open.add(session);
    session.on("error", () => undefined);
    session.on("close", () => open.delete(session));
  });
  server.on("stream", (stream: ServerHttp2Stream, headers: IncomingHttpHeaders) => {
    const pieces: Buffer[] = [];
    stream.on("error", () => undefined);
    stream.on("data", (piece: Buffer) => pieces.push(piece));
    stream.on("end", () => {
      respond(stream, { headers, body: Buffer.concat(pieces), index: index++ });
    });
  });
  await new Promise<void>((resolve) => {
    if (typeof at === "string") server.listen(at, resolve);
    else server.listen(at, "127.0.0.1", resolve);
  });
  return {
    port: typeof at === "string" ? 0 : (server.address() as AddressInfo).port,
    get sessions() {
      return sessions;
    },
    [Symbol.asyncDispose]: async () => {
      for (const session of open) session.destroy();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}
