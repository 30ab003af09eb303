import { request } from "node:http";
import { connect as connectHttp2, type ClientHttp2Session, type IncomingHttpHeaders } from "node:http2";
import type { Socket } from "node:net";
import { TLSSocket } from "node:tls";
import { USER_AGENT } from "../../version.js";
import type { ReadyQuestion } from "./ready-question.js";

/** The response to a question; `words` follow what was asked: "responded with 503". */
export interface Asked {
  readonly ready: boolean;
  readonly words: string;
}

type RequestQuestion = ReadyQuestion & { readonly kind: "request" };

/** One request over HTTP/1.1. Rejects where no response comes. */
export function askOverHttp1(socket: Socket, question: RequestQuestion): Promise<Asked> {
  return new Promise((resolve, reject) => {
    const call = request(
      {
        method: question.method,
        path: question.path,
        createConnection: () => socket,
        headers: {
          host: hostOf(socket),
          connection: "close",
          "user-agent": USER_AGENT,
          ...question.headers,
        },
      },
      (response) => {
        resolve(statusSaid(response.statusCode ?? 0, question));
        response.destroy(); // The status is enough; the body may be endless.
      },
    );
    call.on("error", reject);
    call.end();
  });
}

/** The same over HTTP/2, or the health check of gRPC. */
export function askOverHttp2(socket: Socket, question: ReadyQuestion): Promise<Asked> {
  const session = connectHttp2(`http${question.tls ? "s" : ""}://localhost`, {
    createConnection: () => socket,
  });
  return new Promise<Asked>((resolve, reject) => {
    session.on("error", reject);
    socket.on("close", () => {
      reject(new Error("it closed the connection"));
    });
    if (socket instanceof TLSSocket && socket.alpnProtocol !== "h2") {
      reject(new Error("it does not offer HTTP/2 (no h2 by ALPN)"));
    } else if (question.kind === "request") {
      askStatus(session, hostOf(socket), question).then(resolve, reject);
    } else {
      askHealth(session, question.service).then(resolve, reject);
    }
  }).finally(() => {
    session.destroy();
  });
}

function askStatus(session: ClientHttp2Session, host: string, question: RequestQuestion): Promise<Asked> {
  return new Promise((resolve, reject) => {
    const stream = session.request({
      ":method": question.method,
      ":path": question.path,
      ":authority": host,
      "user-agent": USER_AGENT,
      ...question.headers,
    });
    stream.on("error", reject);
    stream.on("response", (headers) => {
      resolve(statusSaid(headers[":status"] ?? 0, question));
    });
    stream.end();
  });
}

/** Source: grpc.health.v1, doc/health-checking.md of gRPC. SERVING is 1. */
const SERVING = 1;
const STATES = ["UNKNOWN", "SERVING", "NOT_SERVING", "SERVICE_UNKNOWN"];

function askHealth(session: ClientHttp2Session, service: string): Promise<Asked> {
  return new Promise((resolve, reject) => {
    const stream = session.request({
      ":method": "POST",
      ":path": "/grpc.health.v1.Health/Check",
      "content-type": "application/grpc+proto",
      te: "trailers",
      "user-agent": USER_AGENT,
    });
    const pieces: Buffer[] = [];
    let ending: IncomingHttpHeaders = {};
    const said = (headers: IncomingHttpHeaders): void => {
      ending = { ...ending, ...headers };
    };
    stream.on("error", reject);
    stream.on("response", said);
    stream.on("trailers", said);
    stream.on("data", (piece: Buffer) => pieces.push(piece));
    stream.on("end", () => {
      const code = ending["grpc-status"];
      if (code !== undefined && code !== "0") {
        const message = ending["grpc-message"];
        const more = message === undefined ? "" : ` (${String(message)})`;
        resolve({ ready: false, words: `responded with grpc-status ${String(code)}${more}` });
      } else {
        const state = healthState(Buffer.concat(pieces));
        resolve({ ready: state === SERVING, words: `responded with ${STATES[state] ?? state}` });
      }
    });
    stream.end(healthRequest(service));
  });
}

/** A message of gRPC: a byte for compression, four for the length, then HealthCheckRequest with its field 1. */
function healthRequest(service: string): Buffer {
  const name = Buffer.from(service);
  const message = name.length === 0 ? name : Buffer.concat([Buffer.of(0x0a, name.length), name]);
  const head = Buffer.alloc(5);
  head.writeUInt32BE(message.length, 1);
  return Buffer.concat([head, message]);
}

/** Field 1 of HealthCheckResponse, a small number; a field that is left out is 0. */
function healthState(framed: Buffer): number {
  return framed[5] === 0x08 ? (framed[6] ?? 0) : 0;
}

function statusSaid(status: number, { isReady }: RequestQuestion): Asked {
  return { ready: isReady(status), words: `responded with ${status}` };
}

function hostOf(socket: Socket): string {
  return socket.remotePort === undefined ? "localhost" : `localhost:${socket.remotePort}`;
}
