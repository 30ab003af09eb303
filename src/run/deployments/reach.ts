import { request, type IncomingHttpHeaders } from "node:http";
import { connect as connectHttp2 } from "node:http2";
import { connect, type Socket } from "node:net";
import { connect as connectTls } from "node:tls";
import { TailgateError } from "../../error.js";
import type { Endpoint } from "../../load/driver.js";
import { isLoopback } from "../../load/is-loopback.js";
import type { NetworkTime } from "../../metrics/measurement.js";
import { USER_AGENT } from "../../version.js";

/** A bare request that shows whether a service elsewhere is there. */
export interface Greeting {
  readonly protocol: "http1" | "http2";
  readonly method: string;
  readonly path: string;
  readonly headers: Readonly<Record<string, string>>;
}

/** The head of the response, and how long the way to it took. */
export interface Reached {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  readonly network: NetworkTime;
}

/**
 * Connects once, to the address that was checked, and sends one request.
 *
 * @throws TailgateError "service" for a certificate that nobody vouches for; any other Error where nothing came back
 */
export async function reach(endpoint: Endpoint, greeting: Greeting, timeoutMs: number): Promise<Reached> {
  const deadline = AbortSignal.timeout(Math.max(1, Math.ceil(timeoutMs)));
  const open: Socket[] = [];
  const late = new Promise<never>((_, reject) => {
    deadline.addEventListener("abort", () => {
      reject(new Error(`no response within ${Math.round(timeoutMs)} ms`));
    });
  });
  late.catch(() => undefined);
  try {
    return await Promise.race([reached(endpoint, greeting, open), late]);
  } finally {
    for (const socket of open) socket.destroy();
  }
}

async function reached(endpoint: Endpoint, greeting: Greeting, open: Socket[]): Promise<Reached> {
  const began = performance.now();
  const plain = connect({ host: endpoint.address, port: endpoint.port, noDelay: true });
  open.push(plain);
  await opened(plain, "connect");
  const connected = performance.now();
  const socket = endpoint.tls ? await secured(plain, endpoint, greeting, open) : plain;
  const ready = performance.now();
  const ask = greeting.protocol === "http2" ? askHttp2 : askHttp1;
  const { status, headers } = await ask(socket, endpoint, greeting);
  const network = {
    connectUs: (connected - began) * 1000,
    tlsUs: endpoint.tls ? (ready - connected) * 1000 : null,
    requestUs: (performance.now() - ready) * 1000,
  };
  return { status, headers, network };
}

function opened(socket: Socket, event: "connect" | "secureConnect"): Promise<void> {
  return new Promise((resolve, reject) => {
    socket.once(event, resolve);
    socket.on("error", reject);
    socket.once("close", () => {
      reject(new Error("it closed the connection"));
    });
  });
}

/** The certificate of another machine has to be trusted before any header is sent there; that of this machine need not. */
async function secured(
  plain: Socket,
  { address, serverName }: Endpoint,
  { protocol }: Greeting,
  open: Socket[],
): Promise<Socket> {
  const socket = connectTls({
    socket: plain,
    ALPNProtocols: [protocol === "http2" ? "h2" : "http/1.1"],
    ...(serverName === null ? { host: address } : { servername: serverName }),
    rejectUnauthorized: false,
  });
  open.push(socket);
  await opened(socket, "secureConnect");
  if (socket.authorized || isLoopback(address)) return socket;
  throw new TailgateError(
    "service",
    `its certificate is not trusted (${String(socket.authorizationError)}), so nothing was sent to it.`,
    "Let it have a certificate for its name. One of an authority of your own is trusted with NODE_EXTRA_CA_CERTS in the job's environment.",
  );
}

type Head = Pick<Reached, "status" | "headers">;

function askHttp1(socket: Socket, { authority }: Endpoint, greeting: Greeting): Promise<Head> {
  const { method, path, headers } = greeting;
  return new Promise((resolve, reject) => {
    const call = request(
      {
        method,
        path,
        createConnection: () => socket,
        headers: {
          host: authority,
          connection: "close",
          "user-agent": USER_AGENT,
          accept: "*/*",
          ...headers,
        },
      },
      (response) => {
        resolve({ status: response.statusCode ?? 0, headers: response.headers });
      },
    );
    call.on("error", reject);
    call.end();
  });
}

function askHttp2(socket: Socket, { authority, tls }: Endpoint, greeting: Greeting): Promise<Head> {
  const session = connectHttp2(`http${tls ? "s" : ""}://${authority}`, { createConnection: () => socket });
  return new Promise<Head>((resolve, reject) => {
    session.on("error", reject);
    const stream = session.request({
      ":method": greeting.method,
      ":path": greeting.path,
      "user-agent": USER_AGENT,
      accept: "*/*",
      ...greeting.headers,
    });
    stream.on("error", reject);
    stream.on("response", (headers) => {
      resolve({ status: headers[":status"] ?? 0, headers });
    });
    stream.end();
  }).finally(() => {
    session.destroy();
  });
}
