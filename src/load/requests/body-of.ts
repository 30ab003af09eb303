import type { BodySource, RequestPlan } from "../../model/scenario-plan.js";
import type { MessageCodec } from "../grpc/message-codec.js";
import { UnsendableRequest } from "../driver.js";
import { fillIn, type CapturedValues } from "./capture-values.js";
import { fillBodyText, fillJson } from "./fill-body-text.js";
import { linesOf } from "./header-lines.js";

/** As much as is read of a response: a body is in memory as a whole. */
export const MOST_BODY_BYTES = 64 * 1024 * 1024;

/** What the files hold that a plan names. */
export interface RequestFiles {
  bytesOf(file: string): Buffer;
  /** Of a method of gRPC, by the file that describes it. */
  codecOf(proto: string, method: string): MessageCodec;
}

/** The body of a request: text and the values of a form with values filled in, files byte for byte. */
export function bodyOf(
  { body, bodySource, headers }: Pick<RequestPlan, "body" | "bodySource" | "headers">,
  values: CapturedValues,
  files: RequestFiles,
): Buffer | null {
  if (bodySource === undefined) {
    const type = linesOf(headers).find(([name]) => name.toLowerCase() === "content-type")?.[1] ?? null;
    return body === null ? null : Buffer.from(fillBodyText(body, type, values));
  }
  switch (bodySource.from) {
    case "file":
      return files.bytesOf(bodySource.file);
    case "form":
      return formBody(bodySource, values, files);
    case "message":
      return messageBody(bodySource, values, files);
  }
}

/** RFC 7578, with names escaped as browsers do. */
function formBody(
  { boundary, parts }: Extract<BodySource, { from: "form" }>,
  values: CapturedValues,
  files: RequestFiles,
): Buffer {
  const pieces = parts.flatMap((part) => {
    const named = `form-data; name="${escaped(part.name)}"`;
    switch (part.kind) {
      case "value":
        return [
          `--${boundary}\r\nContent-Disposition: ${named}\r\n\r\n${fillIn(part.value, values, String)}\r\n`,
        ];
      case "file": {
        const file = escaped(part.file.split("/").at(-1)!);
        const head = `Content-Disposition: ${named}; filename="${file}"\r\nContent-Type: ${part.type}`;
        return [`--${boundary}\r\n${head}\r\n\r\n`, files.bytesOf(part.file), "\r\n"];
      }
    }
  });
  return Buffer.concat([...pieces, `--${boundary}--\r\n`].map((piece) => Buffer.from(piece as Buffer)));
}

function messageBody(
  { proto, method, json }: Extract<BodySource, { from: "message" }>,
  values: CapturedValues,
  files: RequestFiles,
): Buffer {
  const codec = files.codecOf(proto, method);
  try {
    return codec.encode(fillJson(json, values));
  } catch (error) {
    throw new UnsendableRequest(`it is no message for ${method}: ${(error as Error).message}`);
  }
}

function escaped(name: string): string {
  return name.replaceAll('"', "%22").replaceAll("\r", "%0D").replaceAll("\n", "%0A");
}

/** Texts of a body that values are filled into. */
export function textsOfBody({ body, bodySource }: Pick<RequestPlan, "body" | "bodySource">): string[] {
  if (bodySource?.from === "message") return [bodySource.json];
  if (bodySource?.from === "form") {
    return bodySource.parts.flatMap((part) => (part.kind === "value" ? [part.value] : []));
  }
  return body === null ? [] : [body];
}

/** Files that a request sends. */
export function filesOf({ bodySource }: Pick<RequestPlan, "bodySource">): string[] {
  switch (bodySource?.from) {
    case undefined:
      return [];
    case "file":
      return [bodySource.file];
    case "message":
      return [bodySource.proto];
    case "form":
      return bodySource.parts.flatMap((part) => (part.kind === "file" ? [part.file] : []));
  }
}
