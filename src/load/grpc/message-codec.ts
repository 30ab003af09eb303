import { fromJsonString, toJson } from "protobufjs/ext/protojson.js";
import { Root } from "protobufjs/light.js";

/** The messages of one method: JSON as protobuf's own mapping has it, and bytes as gRPC carries them, without a frame. */
export interface MessageCodec {
  /** @throws Error that says what in the JSON is no such message */
  encode(json: string): Buffer;
  /** @throws Error where the bytes are no such message */
  decode(message: Buffer): unknown;
}

/**
 * @param description - what `describeProto` has made of .proto files
 * @param method - `shop.Users/Get`
 * @throws Error where the description has no such method, or it streams
 */
export function messageCodec(description: Buffer, method: string): MessageCodec {
  const [service, name] = method.split("/") as [string, string];
  const root = Root.fromJSON(JSON.parse(description.toString()) as Parameters<typeof Root.fromJSON>[0]);
  const found = root.lookupService(service).methods[name];
  if (found === undefined) throw new Error(`${service} has no method ${name}`);
  if (found.requestStream === true || found.responseStream === true) {
    throw new Error(`${method} streams; a request and a response of one message each can be measured`);
  }
  found.resolve();
  const [request, response] = [found.resolvedRequestType!, found.resolvedResponseType!];
  return {
    encode: (json) => Buffer.from(request.encode(fromJsonString(request, json)).finish()),
    decode: (message) => toJson(response, response.decode(message)) as unknown,
  };
}
