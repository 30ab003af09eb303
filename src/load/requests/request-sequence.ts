import type { RequestPlan } from "../../model/scenario-plan.js";
import type { Client, OutgoingRequest, ReadyRequest, Response } from "../driver.js";
import type { RequestSet } from "../phase.js";
import { SERVED, type RequestEnding } from "../samples/samples.js";
import type { RequestFiles } from "./body-of.js";
import { captureValue, parseJson } from "./capture-values.js";
import { checkResponse, wrongBody, wrongStatus } from "./check-response.js";
import { CookieJar } from "./cookies.js";
import { unframed } from "../grpc/frame.js";
import { fillRequest, hasPlaceholders } from "./fill-request.js";
import { redirected, type Origin, type Redirect } from "./redirect.js";
import type { Session } from "./session.js";
import { VariedValues, type ValueSources } from "./varied-values.js";

/** A request as it is sent, and what it asks for. */
export interface PreparedRequest<Message> {
  readonly outgoing: OutgoingRequest<Message>;
  readonly method: string;
  readonly path: string;
}

interface Step<Message> {
  readonly request: RequestPlan;
  readonly last: boolean;
  readonly captures: boolean;
  readonly keepBody: boolean;
  /** What is sent, where it is the same every time. */
  readonly fixed: PreparedRequest<Message> | null;
}

/** What a sequence needs beside the plan's requests. */
export interface SequenceTools<Message> extends ValueSources {
  readonly encode: Client<Message>["encode"];
  readonly files: RequestFiles;
  /** `null` where the bytes cannot be decompressed. */
  readonly decompress: (body: Buffer, codings: readonly string[]) => Buffer | null;
  readonly origin: Origin;
  readonly session: Session;
  /** Whether connections are closed after each sample. */
  readonly closes: boolean;
  /** Whether every body is kept, to be shown where a response is not as expected. */
  readonly keepBodies: boolean;
  readonly nowMs: () => number;
}

/** What became different from the plan while one sample was under way. */
export interface SampleState {
  readonly values: ReadonlyMap<string, string>;
  /** `null`: still those of the session. */
  readonly cookies: CookieJar | null;
  readonly redirect: Redirect | null;
}

/** What a set sends for one sample: its requests in order, and what their responses must look like. */
export class RequestSequence<Message> {
  readonly tools: SequenceTools<Message>;
  readonly #steps: readonly Step<Message>[];
  readonly #set: RequestSet;
  readonly #needle: Buffer | null;
  readonly #varied: VariedValues;
  readonly #sessionCookies: CookieJar;
  readonly #unchanging: Map<string, string> | null;

  constructor(set: RequestSet, tools: SequenceTools<Message>) {
    this.tools = tools;
    this.#set = set;
    this.#needle = set.expect.contains === null ? null : Buffer.from(set.expect.contains);
    this.#sessionCookies = new CookieJar(tools.session.cookies);
    this.#varied = new VariedValues(tools, (name) =>
      set.requests.some((one) => hasPlaceholders(one, [name])),
    );
    const captured = set.requests.flatMap((request) => Object.keys(request.capture));
    const varying = [...captured, ...this.#varied.names];
    const unchanged = {
      values: new Map(Object.entries(tools.session.values)),
      cookies: null,
      redirect: null,
    };
    this.#unchanging = varying.length === 0 ? unchanged.values : null;
    this.#steps = set.requests.map((request, index) => {
      const captures = Object.values(request.capture);
      const step: Step<Message> = {
        request,
        last: index === set.requests.length - 1,
        captures: captures.length > 0,
        keepBody: tools.keepBodies || captures.some((capture) => capture.from === "json"),
        fixed: null,
      };
      return hasPlaceholders(request, varying) ? step : { ...step, fixed: this.#make(step, unchanged) };
    });
  }

  get length(): number {
    return this.#steps.length;
  }

  /** Whether the first request of two samples can differ. */
  get varies(): boolean {
    return this.#steps[0]!.fixed === null;
  }

  redirectsOf(step: number): number {
    return this.#steps[step]!.request.redirects ?? 0;
  }

  /** The values that sample `number` begins with: a map of its own where any of them change. */
  valuesOf(number: number): Map<string, string> {
    if (this.#unchanging !== null) return this.#unchanging;
    const values = new Map(Object.entries(this.tools.session.values));
    this.#varied.addTo(values, number);
    return values;
  }

  /** A jar of its own for a sample that is given cookies. */
  cookieJar(): CookieJar {
    return new CookieJar(this.tools.session.cookies);
  }

  /** @throws UnsendableRequest where a value makes the request impossible */
  prepare(step: number, state: SampleState): PreparedRequest<Message> {
    const { fixed } = this.#steps[step]!;
    if (fixed !== null && state.cookies === null && state.redirect === null) return fixed;
    return this.#make(this.#steps[step]!, state);
  }

  #make(step: Step<Message>, { values, cookies, redirect }: SampleState): PreparedRequest<Message> {
    const filled = fillRequest(step.request, values, this.tools.files);
    const asked = redirect === null ? filled : redirected(filled, redirect);
    const ready = withCookies(asked, (cookies ?? this.#sessionCookies).headerFor(asked.path));
    // A redirect goes over the same connection.
    const closes = step.last && this.tools.closes && (step.request.redirects ?? 0) === 0;
    const outgoing = {
      message: this.tools.encode(ready, closes),
      needle: step.last ? this.#needle : null,
      keepBody: step.keepBody,
    };
    return { outgoing, method: ready.method, path: ready.path };
  }

  /**
   * Checks the response to a step and takes its values. `expect` is for the last response; those before it must be
   * below 400 and hold what is captured from them. A body is decompressed only here, after its latency has been taken.
   */
  check(step: number, sent: Response, values: Map<string, string>): RequestEnding {
    const { last, captures, request } = this.#steps[step]!;
    const response = sent.codings.length === 0 ? sent : this.#decompressed(sent, last ? this.#needle : null);
    if (last) {
      const ending = checkResponse(response, this.#set.expect);
      if (ending.outcome !== "ok") return ending;
    } else if (response.status >= 400) {
      return wrongStatus(response);
    }
    if (!captures) return SERVED;
    let json: { readonly value: unknown } | null = null;
    const body = (): unknown => (json ??= { value: this.#readBody(request, response.body) }).value;
    for (const [name, capture] of Object.entries(request.capture)) {
      const value = captureValue(capture, response.headers, body);
      if (value === null) return wrongBody(`the value \`${name}\` is not in the response`);
      values.set(name, value);
    }
    return SERVED;
  }

  /** The body as a value whose parts have names; `undefined` where it is none. */
  #readBody({ bodySource }: RequestPlan, body: Buffer | null): unknown {
    if (bodySource?.from !== "message") return parseJson(body);
    const message = body === null ? null : unframed(body);
    if (message === null) return undefined;
    try {
      return this.tools.files.codecOf(bodySource.proto, bodySource.method).decode(message);
    } catch {
      return undefined;
    }
  }

  #decompressed(response: Response, needle: Buffer | null): Response {
    const body = response.body === null ? null : this.tools.decompress(response.body, response.codings);
    return { ...response, body, found: needle === null || (body?.includes(needle) ?? false) };
  }
}

/** A request has one Cookie header: cookies of the plan stand before those of the service. */
function withCookies(request: ReadyRequest, cookies: string | null): ReadyRequest {
  if (cookies === null) return request;
  const own = request.headers.filter(([name]) => name.toLowerCase() === "cookie").map(([, value]) => value);
  const others = request.headers.filter(([name]) => name.toLowerCase() !== "cookie");
  return { ...request, headers: [...others, ["Cookie", [...own, cookies].join("; ")]] };
}
