import type { BodySource, RequestPlan } from "../../model/plan.js";
import { fillIn, type CapturedValues } from "./capture-values.js";

/** The bytes of a file that a plan names. */
export type BytesOf = (file: string) => Buffer;

/** The body of a request: text and the values of a form with values filled in, files byte for byte. */
export function bodyOf(
  { body, bodySource }: Pick<RequestPlan, "body" | "bodySource">,
  values: CapturedValues,
  bytesOf: BytesOf,
): Buffer | null {
  if (bodySource === undefined) return body === null ? null : Buffer.from(fillIn(body, values, String));
  switch (bodySource.from) {
    case "file":
      return bytesOf(bodySource.file);
    case "form":
      return formBody(bodySource, values, bytesOf);
  }
}

/** RFC 7578, with names escaped as browsers do. */
function formBody(
  { boundary, parts }: Extract<BodySource, { from: "form" }>,
  values: CapturedValues,
  bytesOf: BytesOf,
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
        return [`--${boundary}\r\n${head}\r\n\r\n`, bytesOf(part.file), "\r\n"];
      }
    }
  });
  return Buffer.concat([...pieces, `--${boundary}--\r\n`].map((piece) => Buffer.from(piece as Buffer)));
}

function escaped(name: string): string {
  return name.replaceAll('"', "%22").replaceAll("\r", "%0D").replaceAll("\n", "%0A");
}

/** Texts of a body that values are filled into. */
export function textsOfBody({ body, bodySource }: Pick<RequestPlan, "body" | "bodySource">): string[] {
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
    case "form":
      return bodySource.parts.flatMap((part) => (part.kind === "file" ? [part.file] : []));
  }
}
