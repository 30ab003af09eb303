import type { BodySource, RequestPlan } from "../model/scenario-plan.js";
import { BodyFile } from "./file/request/body.js";
import type { FormSection, RequestSection } from "./file/file.js";
import { toJson } from "./file/request/json-number.js";

/** A body, and the type that it is sent with where no header names one; `null`: none. */
interface ResolvedBody extends Pick<RequestPlan, "body" | "bodySource"> {
  readonly type: string | null;
}

export function resolveBody({
  body,
  form,
  rpc,
  proto,
  message,
}: Pick<RequestSection, "body" | "form" | "rpc" | "proto" | "message">): ResolvedBody {
  if (rpc !== undefined && proto !== undefined) {
    const json = toJson(message ?? {});
    return { body: null, bodySource: { from: "message", proto, method: rpc, json }, type: null };
  }
  if (form !== undefined) {
    const type = `multipart/form-data; boundary=${BOUNDARY}`;
    return { body: null, bodySource: { from: "form", boundary: BOUNDARY, parts: partsOf(form) }, type };
  }
  if (body instanceof BodyFile) {
    return { body: null, bodySource: { from: "file", file: body.file }, type: typeOfFile(body.file) };
  }
  if (body === undefined || body === null) return { body: null, type: null };
  return typeof body === "string" ? { body, type: null } : { body: toJson(body), type: "application/json" };
}

/** Every request is the same, so the line between the parts is too. */
const BOUNDARY = "------------------------tailgate7c1e0b9f4a2d";

type FormPart = Extract<BodySource, { from: "form" }>["parts"][number];

function partsOf(form: FormSection): FormPart[] {
  return Object.entries(form).flatMap(([name, values]) =>
    (Array.isArray(values) ? values : [values]).map((value): FormPart =>
      typeof value === "string"
        ? { kind: "value", name, value }
        : { kind: "file", name, file: value.file, type: value.type ?? typeOfFile(value.file) },
    ),
  );
}

/** The endings that curl knows for parts of a form, and JSON. */
const TYPES: Readonly<Record<string, string>> = {
  gif: "image/gif",
  jpg: "image/jpeg",
  jpeg: "image/jpeg",
  png: "image/png",
  svg: "image/svg+xml",
  txt: "text/plain",
  htm: "text/html",
  html: "text/html",
  pdf: "application/pdf",
  xml: "application/xml",
  json: "application/json",
};

/** By the ending of its name; bytes of no known kind where that tells nothing. */
export function typeOfFile(file: string): string {
  const ending = /\.([^./\\]+)$/.exec(file)?.[1]?.toLowerCase() ?? "";
  return Object.hasOwn(TYPES, ending) ? TYPES[ending]! : "application/octet-stream";
}
