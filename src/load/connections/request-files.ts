import { readFileSync } from "node:fs";
import { messageCodec, type MessageCodec } from "../grpc/message-codec.js";
import type { RequestFiles } from "../requests/body-of.js";

/** @param paths - name in the plan -> absolute path; for a .proto file that of its description */
export function requestFiles(paths: Readonly<Record<string, string>>): RequestFiles {
  return {
    bytesOf: (file) => readFileSync(paths[file]!),
    codecOf: (proto, method) => codecOf(paths[proto]!, method),
  };
}

/** A description is read once for all phases. */
const codecs = new Map<string, MessageCodec>();

function codecOf(path: string, method: string): MessageCodec {
  const key = `${method} ${path}`;
  const codec = codecs.get(key) ?? messageCodec(readFileSync(path), method);
  codecs.set(key, codec);
  return codec;
}
