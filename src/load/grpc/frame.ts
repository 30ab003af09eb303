/** A byte that says whether the message is compressed, and four for its length. */
const FRAME_HEAD_BYTES = 5;

/** Source: PROTOCOL-HTTP2.md of gRPC, "Length-Prefixed-Message"; not compressed. */
export function framed(message: Buffer): Buffer {
  const head = Buffer.alloc(FRAME_HEAD_BYTES);
  head.writeUInt32BE(message.length, 1);
  return Buffer.concat([head, message]);
}

/** The message of a frame; `null` where it is none of one whole message, or compressed. */
export function unframed(frame: Buffer): Buffer | null {
  if (frame.length < FRAME_HEAD_BYTES || frame[0] !== 0) return null;
  const message = frame.subarray(FRAME_HEAD_BYTES);
  return message.length === frame.readUInt32BE(1) ? message : null;
}
