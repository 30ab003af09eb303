import { statSync } from "node:fs";
import { resolve } from "node:path";
import { typeOfFile } from "../../config/resolve-body.js";
import { TailgateError } from "../../error.js";
import type { RequestProfile } from "../../load/phase.js";
import { checkRequest } from "../../load/requests/check-request.js";
import type { RequestPlan } from "../../model/plan.js";
import { wrongFlag } from "../flags.js";

/** What `tailgate load` is to send, as typed by the user. */
export interface RequestOptions {
  readonly method?: string | undefined;
  /** `Name: value`, any number of them. */
  readonly header?: readonly string[] | undefined;
  readonly body?: string | undefined;
  readonly bodyFile?: string | undefined;
}

/** @throws TailgateError for a request that cannot be sent, or a file that is not there */
export function parseRequest(
  { method, header, body, bodyFile }: RequestOptions,
  url: URL,
): Required<Pick<RequestProfile, "files">> & { readonly request: RequestPlan } {
  if (body !== undefined && bodyFile !== undefined) {
    throw new TailgateError("config", "There are both --body and --body-file.", "Give one of them.");
  }
  if (body !== undefined && /^@\S+$/.test(body)) {
    throw wrongFlag(
      "--body",
      body,
      `It is sent as text; to send a file write \`--body-file ${body.slice(1)}\`.`,
    );
  }
  const headers = parseHeaders(header ?? []);
  const typed = Object.keys(headers).some((name) => name.toLowerCase() === "content-type");
  if (bodyFile !== undefined && !typed) headers["content-type"] = [typeOfFile(bodyFile)];
  const request: RequestPlan = {
    method: (method ?? "GET").toUpperCase(),
    path: `${url.pathname}${url.search}`,
    headers,
    body: body ?? null,
    ...(bodyFile === undefined ? {} : { bodySource: { from: "file", file: bodyFile } }),
    capture: {},
  };
  checkRequest(request);
  return { request, files: bodyFile === undefined ? {} : { [bodyFile]: existing("--body-file", bodyFile) } };
}

/** A header that is given several times is sent several times. */
function parseHeaders(lines: readonly string[]): Record<string, string[]> {
  const headers = new Map<string, string[]>();
  for (const line of lines) {
    const match = /^([^:\s]+):[ \t]*(.*)$/s.exec(line);
    if (match === null) throw wrongFlag("--header", line, "Write it like `Accept: application/json`.");
    const [, name, value] = match as unknown as [string, string, string];
    headers.set(name, [...(headers.get(name) ?? []), value]);
  }
  return Object.fromEntries(headers);
}

/** Absolute path of a file that a flag names. */
function existing(flag: string, file: string): string {
  const path = resolve(file);
  if (statSync(path, { throwIfNoEntry: false })?.isFile() !== true) {
    throw wrongFlag(flag, file, "There is no such file.");
  }
  return path;
}
