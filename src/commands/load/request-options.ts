import { statSync } from "node:fs";
import { resolve } from "node:path";
import { typeOfFile } from "../../config/resolve-body.js";
import { TailgateError } from "../../error.js";
import type { RequestProfile } from "../../load/phase.js";
import { MOST_BODY_BYTES } from "../../load/requests/body-of.js";
import { checkRequest } from "../../load/requests/check-request.js";
import type { RequestPlan } from "../../model/scenario-plan.js";
import { numberFlag, wrongFlag } from "../flags.js";

/** What `tailgate load` is to send, as typed by the user. */
export interface RequestOptions {
  readonly method?: string | undefined;
  /** `Name: value`, any number of them. */
  readonly header?: readonly string[] | undefined;
  readonly body?: string | undefined;
  readonly bodyFile?: string | undefined;
  /** CSV or NDJSON, whose columns fill in `{column}`. */
  readonly data?: string | undefined;
  readonly redirects?: string | undefined;
}

/** @throws TailgateError for a request that cannot be sent, or a file that is not there */
export function parseRequest(
  { method, header, body, bodyFile, data, redirects }: RequestOptions,
  url: URL,
): Required<Pick<RequestProfile, "files">> & {
  readonly request: RequestPlan;
  /** The data file: as the user calls it, and where it lies. */
  readonly data: DataFile | null;
} {
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
    path: pathOf(url),
    headers,
    body: body ?? null,
    ...(bodyFile === undefined ? {} : { bodySource: { from: "file", file: bodyFile } }),
    ...(redirects === undefined
      ? {}
      : { redirects: numberFlag(redirects, "--redirects", { min: 0, max: 20, whole: true }) }),
    capture: {},
  };
  checkRequest(request);
  if (bodyFile !== undefined && statSync(existing("--body-file", bodyFile)).size > MOST_BODY_BYTES) {
    throw wrongFlag("--body-file", bodyFile, `It has more than ${MOST_BODY_BYTES / 1024 ** 2} MiB.`);
  }
  return {
    request,
    files: bodyFile === undefined ? {} : { [bodyFile]: existing("--body-file", bodyFile) },
    data: data === undefined ? null : { name: data, path: existing("--data", data) },
  };
}

export interface DataFile {
  readonly name: string;
  readonly path: string;
}

/** A URL has its braces encoded: those around a name stand for a value. */
function pathOf({ pathname, search }: URL): string {
  return `${pathname}${search}`.replace(/%7B([A-Za-z_][A-Za-z0-9_.-]*)%7D/gi, "{$1}");
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
