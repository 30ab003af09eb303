import type { RequestPlan } from "../../model/plan.js";
import { captureValue, parseJson, type CapturedValues } from "./capture.js";
import type { Response, OutgoingRequest } from "./connection.js";
import { decompress } from "./content-encoding.js";
import { checkResponse } from "./check-response.js";
import type { Outcome, RequestProfile } from "../profile.js";
import { checkRequest, isFixed, requestBytes } from "./request-bytes.js";

const NO_VALUES: CapturedValues = new Map();

interface Step {
  readonly request: RequestPlan;
  readonly last: boolean;
  readonly captures: boolean;
  readonly needsJson: boolean;
  /** Its bytes where they are the same every time. */
  readonly fixed: OutgoingRequest | null;
}

/** What a profile sends for one sample: its requests in order, and what its answers must look like. */
export class RequestSequence {
  readonly #steps: readonly Step[];
  readonly #profile: RequestProfile;
  readonly #host: string;
  readonly #needle: Buffer | null;

  /** `host`: value of the Host header. */
  constructor(profile: RequestProfile, host: string) {
    this.#profile = profile;
    this.#host = host;
    this.#needle = profile.expect.contains === null ? null : Buffer.from(profile.expect.contains);
    const names = new Set(profile.requests.flatMap((request) => Object.keys(request.capture)));
    this.#steps = profile.requests.map((request, index) => {
      checkRequest(request);
      const captures = Object.values(request.capture);
      const step: Step = {
        request,
        last: index === profile.requests.length - 1,
        captures: captures.length > 0,
        needsJson: captures.some((capture) => capture.from === "json"),
        fixed: null,
      };
      return isFixed(request, names) ? { ...step, fixed: this.#make(step, NO_VALUES) } : step;
    });
  }

  get length(): number {
    return this.#steps.length;
  }

  /** Throws `Unsendable` where a captured value makes the request impossible. */
  outgoing(step: number, values: CapturedValues): OutgoingRequest {
    const { fixed } = this.#steps[step]!;
    return fixed ?? this.#make(this.#steps[step]!, values);
  }

  #make(step: Step, values: CapturedValues): OutgoingRequest {
    return {
      bytes: requestBytes(step.request, this.#host, step.last && this.#profile.connection === "new", values),
      head: step.request.method.toUpperCase() === "HEAD",
      needle: step.last ? this.#needle : null,
      keepBody: step.needsJson,
    };
  }

  /**
   * Judges the answer to a step and takes its values. `expect` is for the last answer; those before it must be below
   * 400 and hold what is captured from them. A packed body is unpacked only here, after its latency has been taken.
   */
  judge(step: number, sent: Response, values: Map<string, string>): Outcome {
    const { last, captures, request } = this.#steps[step]!;
    const answer = sent.codings.length === 0 ? sent : unpacked(sent, last ? this.#needle : null);
    if (last) {
      const outcome = checkResponse(answer, this.#profile.expect);
      if (outcome !== "ok") return outcome;
    } else if (answer.status >= 400) {
      return "status";
    }
    if (!captures) return "ok";
    let json: { readonly value: unknown } | null = null;
    const body = (): unknown => (json ??= { value: parseJson(answer.body) }).value;
    for (const [name, capture] of Object.entries(request.capture)) {
      const value = captureValue(capture, answer.headers, body);
      if (value === null) return "body";
      values.set(name, value);
    }
    return "ok";
  }
}

function unpacked(answer: Response, needle: Buffer | null): Response {
  const body = answer.body === null ? null : decompress(answer.body, answer.codings);
  return { ...answer, body, found: needle === null || (body?.includes(needle) ?? false) };
}
