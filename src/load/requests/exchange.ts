import type { OutgoingRequest, Response } from "../driver.js";
import type { RequestEnding } from "../samples/samples.js";
import type { CookieJar } from "./cookies.js";
import { redirectOf, type Redirect } from "./redirect.js";
import type { PreparedRequest, RequestSequence } from "./request-sequence.js";
import type { Session } from "./session.js";

/** A first request that was written ahead, with the values that it holds. */
export interface Opening<Message> {
  readonly values: Map<string, string>;
  /** `null`: it is the same every time, or could not be written. */
  readonly request: PreparedRequest<Message> | null;
}

/**
 * One sample under way: the requests of a sequence one after the other, with what the responses gave. A sample is one
 * user: it begins with the cookies of the login alone.
 */
export class Exchange<Message> {
  readonly #sequence: RequestSequence<Message>;
  readonly #values: Map<string, string>;
  #opening: PreparedRequest<Message> | null;
  #sent: PreparedRequest<Message> | null = null;
  #step = 0;
  #cookies: CookieJar | null = null;
  #redirect: Redirect | null = null;
  #redirects = 0;

  constructor(sequence: RequestSequence<Message>, { values, request }: Opening<Message>) {
    this.#sequence = sequence;
    this.#values = values;
    this.#opening = request;
  }

  /**
   * The request that is to be sent now.
   *
   * @throws UnsendableRequest where a value makes it impossible
   */
  outgoing(): OutgoingRequest<Message> {
    this.#sent =
      this.#opening ??
      this.#sequence.prepare(this.#step, {
        values: this.#values,
        cookies: this.#cookies,
        redirect: this.#redirect,
      });
    this.#opening = null;
    return this.#sent.outgoing;
  }

  /** Takes the response to the last request; `more`: another is to be sent. */
  take(response: Response): RequestEnding | "more" {
    const { tools, length } = this.#sequence;
    const mayFollow = this.#step + 1 < length || this.#redirects < this.#sequence.redirectsOf(this.#step);
    if (mayFollow) {
      this.#takeCookies(response);
      if (this.#redirects < this.#sequence.redirectsOf(this.#step)) {
        const asGet = this.#redirect?.asGet ?? false;
        const next = redirectOf(response.status, response.headers, { ...this.#sent!, asGet }, tools.origin);
        if (next !== null) {
          this.#redirect = next;
          this.#redirects++;
          return "more";
        }
      }
    }
    const ending = this.#sequence.check(this.#step, response, this.#values);
    if (ending.outcome !== "ok" || this.#step + 1 === length) return ending;
    this.#step++;
    this.#redirect = null;
    this.#redirects = 0;
    return "more";
  }

  #takeCookies({ headers }: Response): void {
    if (!headers.some((name, i) => i % 2 === 0 && name.toLowerCase() === "set-cookie")) return;
    this.#cookies ??= this.#sequence.cookieJar();
    this.#cookies.take(headers, this.#sent!.path, this.#sequence.tools.nowMs());
  }

  /** What was captured and which cookies were set, the last response's among them. */
  sessionAfter(response: Response): Session {
    this.#takeCookies(response);
    const cookies = (this.#cookies ?? this.#sequence.cookieJar()).cookies;
    return { values: Object.fromEntries(this.#values), cookies };
  }

  /** The request that was sent last, for a sentence. */
  get asked(): string {
    return this.#sent === null ? "nothing" : `${this.#sent.method} ${this.#sent.path}`;
  }
}
