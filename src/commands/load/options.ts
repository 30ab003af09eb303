import { parsePercent } from "../../config/file/parse-quantity.js";
import { TailgateError } from "../../error.js";
import { isMetadataAddress, isMetadataName } from "../../load/metadata-address.js";
import type { RequestProfile, Target } from "../../load/phase.js";
import { numberFlag, wrongFlag } from "../flags.js";
import {
  asCall,
  expectationOf,
  parseProtocol,
  parseSocketPath,
  type ProtocolOptions,
} from "./protocol-options.js";
import { parseRequest, type DataFile, type RequestOptions } from "./request-options.js";

/** Options of `tailgate load` as typed by the user. */
export interface LoadCommandOptions extends RequestOptions, ProtocolOptions {
  readonly url: string;
  /** Requests per second, or `max` (default). */
  readonly rate?: string | undefined;
  readonly connections?: string | undefined;
  readonly requests?: string | undefined;
  /** `keep-alive` (default) or `new`. */
  readonly connection?: string | undefined;
  /** Seconds or milliseconds with their unit: `5s`, `500ms`. */
  readonly timeout?: string | undefined;
  readonly seed?: string | undefined;
  /** Share of the requests that may fail: `1%`. */
  readonly maxErrors?: string | undefined;
  readonly json?: boolean | undefined;
}

/** What `tailgate load` is to do. */
export interface LoadTask {
  readonly url: string;
  readonly target: Target;
  /** Whether the certificate of another machine is not looked at. */
  readonly insecure: boolean;
  readonly profile: RequestProfile;
  readonly data: DataFile | null;
  /** `null`: as much as it can do. */
  readonly ratePerSecond: number | null;
  readonly requests: number;
  readonly seed: number;
  /** Share of the requests that may fail; `null`: all but one. */
  readonly mostErrors: number | null;
}

const DEFAULT_REQUESTS = 10_000;

/** Strict: only ASCII digits, no exponent, no sign; what is out of range is refused with the range. */
export function parseLoadOptions(options: LoadCommandOptions): LoadTask {
  const url = parseUrl(options.url);
  const ratePerSecond =
    options.rate === undefined || options.rate === "max"
      ? null
      : numberFlag(options.rate, "--rate", { min: 0.01, max: 100_000, whole: false }, " or `max`");
  const connection = options.connection ?? "keep-alive";
  if (connection !== "keep-alive" && connection !== "new") {
    throw wrongFlag("--connection", connection, "Use `keep-alive` or `new`.");
  }
  const { request, files, data } = parseRequest(options, url);
  const protocol = parseProtocol(options);
  const socketPath = parseSocketPath(options.unix);
  return {
    url: url.href,
    target: {
      arm: url.host,
      host: url.hostname.replace(/^\[|\]$/g, ""),
      port: url.port === "" ? (url.protocol === "https:" ? 443 : 80) : Number(url.port),
      socketPath,
      tls: url.protocol === "https:",
    },
    insecure: options.insecure ?? false,
    profile: {
      protocol,
      requests: [asCall(request, options)],
      files,
      expect: expectationOf(protocol),
      connections: numberFlag(options.connections ?? "10", "--connections", {
        min: 1,
        max: 1000,
        whole: true,
      }),
      connection,
      timeoutMs: parseTimeout(options.timeout ?? "5s"),
    },
    data,
    ratePerSecond,
    requests: numberFlag(options.requests ?? String(DEFAULT_REQUESTS), "--requests", {
      min: 1,
      max: 10_000_000,
      whole: true,
    }),
    seed: numberFlag(options.seed ?? "1", "--seed", { min: 0, max: 4_294_967_295, whole: true }),
    mostErrors: options.maxErrors === undefined ? null : parseShare(options.maxErrors),
  };
}

function parseUrl(text: string): URL {
  const example = "Write it like http://127.0.0.1:8080/users.";
  if (!/^https?:\/\//i.test(text) || !URL.canParse(text)) throw wrongFlag("--url", text, example);
  const url = new URL(text);
  if (url.username !== "" || url.password !== "") {
    throw new TailgateError(
      "config",
      "The --url holds a user name or a password.",
      "They would end up in reports; send them as a header instead.",
    );
  }
  if (isMetadataName(url.hostname) || isMetadataAddress(url.hostname)) {
    throw wrongFlag("--url", text, "That is a cloud's metadata service; no load is sent there.");
  }
  return url;
}

function parseShare(text: string): number {
  const parsed = parsePercent(text);
  if (!parsed.ok || parsed.value > 1) {
    throw wrongFlag("--max-errors", text, "Write a share of the requests like `1%`, from `0%` to `100%`.");
  }
  return parsed.value;
}

function parseTimeout(text: string): number {
  const match = /^([0-9]{1,6})(ms|s)$/.exec(text);
  const ms = match === null ? NaN : Number(match[1]) * (match[2] === "s" ? 1000 : 1);
  if (!(ms >= 1 && ms <= 600_000)) {
    throw wrongFlag("--timeout", text, "Write it like `5s` or `500ms`; at most 600s.");
  }
  return ms;
}
