import type { RequestPlan } from "../../model/plan.js";
import type { Client, OutgoingRequest, Response } from "../driver.js";
import type { RequestProfile } from "../phase.js";
import type { RequestOutcome } from "../samples/samples.js";
import type { BytesOf } from "./body-of.js";
import { captureValue, parseJson, type CapturedValues } from "./capture-values.js";
import { checkResponse } from "./check-response.js";
import { fillRequest, hasPlaceholders } from "./fill-request.js";

const NO_VALUES: CapturedValues = new Map();

interface Step<Message> {
  readonly request: RequestPlan;
  readonly last: boolean;
  readonly captures: boolean;
  readonly keepBody: boolean;
  /** What is sent, where it is the same every time. */
  readonly fixed: OutgoingRequest<Message> | null;
}

interface SequenceTools<Message> {
  readonly encode: Client<Message>["encode"];
  readonly bytesOf: BytesOf;
  /** `null` where the bytes cannot be decompressed. */
  readonly decompress: (body: Buffer, codings: readonly string[]) => Buffer | null;
}

/** What a profile sends for one sample: its requests in order, and what their responses must look like. */
export class RequestSequence<Message> {
  readonly #steps: readonly Step<Message>[];
  readonly #profile: RequestProfile;
  readonly #needle: Buffer | null;
  readonly #tools: SequenceTools<Message>;

  constructor(profile: RequestProfile, tools: SequenceTools<Message>) {
    this.#profile = profile;
    this.#tools = tools;
    this.#needle = profile.expect.contains === null ? null : Buffer.from(profile.expect.contains);
    const names = new Set(profile.requests.flatMap((request) => Object.keys(request.capture)));
    this.#steps = profile.requests.map((request, index) => {
      const captures = Object.values(request.capture);
      const step: Step<Message> = {
        request,
        last: index === profile.requests.length - 1,
        captures: captures.length > 0,
        keepBody: captures.some((capture) => capture.from === "json"),
        fixed: null,
      };
      return hasPlaceholders(request, names) ? step : { ...step, fixed: this.#make(step, NO_VALUES) };
    });
  }

  get length(): number {
    return this.#steps.length;
  }

  /** @throws UnsendableRequest where a captured value makes the request impossible */
  outgoing(step: number, values: CapturedValues): OutgoingRequest<Message> {
    return this.#steps[step]!.fixed ?? this.#make(this.#steps[step]!, values);
  }

  #make(step: Step<Message>, values: CapturedValues): OutgoingRequest<Message> {
    const closes = step.last && this.#profile.connection === "new";
    return {
      message: this.#tools.encode(fillRequest(step.request, values, this.#tools.bytesOf), closes),
      needle: step.last ? this.#needle : null,
      keepBody: step.keepBody,
    };
  }

  /**
   * Checks the response to a step and takes its values. `expect` is for the last response; those before it must be
   * below 400 and hold what is captured from them. A body is decompressed only here, after its latency has been taken.
   */
  check(step: number, sent: Response, values: Map<string, string>): RequestOutcome {
    const { last, captures, request } = this.#steps[step]!;
    const response = sent.codings.length === 0 ? sent : this.#decompressed(sent, last ? this.#needle : null);
    if (last) {
      const outcome = checkResponse(response, this.#profile.expect);
      if (outcome !== "ok") return outcome;
    } else if (response.status >= 400) {
      return "status";
    }
    if (!captures) return "ok";
    let json: { readonly value: unknown } | null = null;
    const body = (): unknown => (json ??= { value: parseJson(response.body) }).value;
    for (const [name, capture] of Object.entries(request.capture)) {
      const value = captureValue(capture, response.headers, body);
      if (value === null) return "body";
      values.set(name, value);
    }
    return "ok";
  }

  #decompressed(response: Response, needle: Buffer | null): Response {
    const body = response.body === null ? null : this.#tools.decompress(response.body, response.codings);
    return { ...response, body, found: needle === null || (body?.includes(needle) ?? false) };
  }
}
