import type { Socket } from "node:net";

/*
 * The least of HTTP/2 that answers short requests, frame by frame: no headers are decoded, nothing is kept of a stream.
 * Node's own server takes as long as Node's client for a request, and what happens in it before a request is handed over
 * is in no figure of that server. This one reads a request within microseconds of its bytes. Source: RFC 9113, section 4.
 */

const PREFACE_BYTES = 24;
const HEAD_BYTES = 9;
const DATA = 0;
const HEADERS = 1;
const SETTINGS = 4;
const PING = 6;
const WINDOW_UPDATE = 8;
const ACK = 1;
const END_STREAM = 1;
const END_HEADERS = 4;

function frame(type: number, flags: number, stream: number, payload: Buffer): Buffer {
  const head = Buffer.alloc(HEAD_BYTES);
  head.writeUIntBE(payload.length, 0, 3);
  head.writeUInt8(type, 3);
  head.writeUInt8(flags, 4);
  head.writeUInt32BE(stream, 5);
  return Buffer.concat([head, payload]);
}

/** `:status: 200`, of HPACK's static table. */
const OK = 0x88;
/** A literal whose name is entry 31 of that table, `content-type`; and one with a name of its own. Source: RFC 7541, section 6.2.2. */
const CONTENT_TYPE = [0x0f, 31 - 15];
const NAMED = 0x00;

function text(value: string): Buffer {
  return Buffer.concat([Buffer.from([value.length]), Buffer.from(value)]);
}

const GRPC_HEADERS = Buffer.concat([Buffer.from([OK, ...CONTENT_TYPE]), text("application/grpc")]);
const GRPC_TRAILERS = Buffer.concat([Buffer.from([NAMED]), text("grpc-status"), text("0")]);

function responseOf(grpc: boolean, stream: number): Buffer {
  if (!grpc) {
    const headers = frame(HEADERS, END_HEADERS, stream, Buffer.from([OK]));
    return Buffer.concat([headers, frame(DATA, END_STREAM, stream, Buffer.from("ok"))]);
  }
  return Buffer.concat([
    frame(HEADERS, END_HEADERS, stream, GRPC_HEADERS),
    frame(DATA, 0, stream, Buffer.alloc(5)),
    frame(HEADERS, END_HEADERS | END_STREAM, stream, GRPC_TRAILERS),
  ]);
}

/** Answers every request on a connection once `asked` calls back: with two bytes, or with an empty message of gRPC. */
export function answerHttp2(socket: Socket, grpc: boolean, asked: (respond: () => void) => void): void {
  const wide = Buffer.alloc(4);
  wide.writeUInt32BE(2 ** 30);
  socket.write(Buffer.concat([frame(SETTINGS, 0, 0, Buffer.alloc(0)), frame(WINDOW_UPDATE, 0, 0, wide)]));
  let rest: Buffer = Buffer.alloc(0);
  let skip = PREFACE_BYTES;
  socket.on("data", (piece: Buffer) => {
    rest = rest.length === 0 ? piece : Buffer.concat([rest, piece]);
    if (rest.length < skip) return;
    let from = skip;
    skip = 0;
    while (rest.length >= from + HEAD_BYTES) {
      const payload = from + HEAD_BYTES;
      const end = payload + rest.readUIntBE(from, 3);
      if (rest.length < end) break;
      const [type, flags] = [rest[from + 3]!, rest[from + 4]!];
      const stream = rest.readUInt32BE(from + 5);
      const ours = (flags & ACK) === 0;
      if (type === SETTINGS && ours) socket.write(frame(SETTINGS, ACK, 0, Buffer.alloc(0)));
      if (type === PING && ours) socket.write(frame(PING, ACK, 0, rest.subarray(payload, end)));
      if ((type === HEADERS || type === DATA) && (flags & END_STREAM) !== 0) {
        asked(() => {
          if (!socket.destroyed) socket.write(responseOf(grpc, stream));
        });
      }
      from = end;
    }
    rest = rest.subarray(from);
  });
}
