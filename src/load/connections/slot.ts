import {
  UnsendableRequest,
  type Client,
  type Connection,
  type ConnectionListener,
  type ConnectionLoss,
  type Response,
} from "../driver.js";
import type { Exchange } from "../requests/exchange.js";
import type { Recorder } from "../samples/recorder.js";
import { NO_STATUS, type RequestEnding } from "../samples/samples.js";

/** What a slot tells the pool that it belongs to. */
export interface SlotOwner<Message> {
  readonly client: Client<Message>;
  readonly keepAlive: boolean;
  readonly timeoutUs: number;
  /** Whether a lost connection is to be opened again at once. */
  readonly underLoad: boolean;
  /** Where results go while a phase runs. */
  readonly recorder: Recorder | null;
  /** Begins sample `index`. */
  exchangeOf(index: number): Exchange<Message>;
  /** A sample has ended, and its result is recorded. */
  ended(): void;
  freed(slot: Slot<Message>): void;
  /** An idle slot is idle no longer, although it was given no sample. */
  withdrawn(slot: Slot<Message>): void;
  reconnected(): void;
  /** A connection could not be made. */
  unreachable(reason: string): void;
  reached(): void;
}

const LONGEST_PAUSE_MS = 100;

/** One of a target's connections through time: it sends one sample at a time and opens a new connection when one is lost. */
export class Slot<Message> implements ConnectionListener {
  readonly #owner: SlotOwner<Message>;
  #connection: Connection<Message> | null = null;
  #state: "closed" | "opening" | "idle" | "busy" | "resting" = "closed";
  #index = -1;
  #exchange: Exchange<Message> | null = null;
  #sentUs = 0;
  #bytes = 0;
  /** Connections in a row that were lost before any response. */
  #useless = 0;
  #pause: NodeJS.Timeout | null = null;
  /** Since when the slot is idle, microseconds. */
  idleSinceUs = 0;
  /** The next request is the first of a connection that was opened ahead of the load. */
  first = true;

  constructor(owner: SlotOwner<Message>) {
    this.#owner = owner;
  }

  get busy(): boolean {
    return this.#state === "busy";
  }

  /** When the sample under way times out, microseconds. */
  get deadlineUs(): number {
    return this.#sentUs + this.#owner.timeoutUs;
  }

  /** Makes the slot ready for a first request. */
  open(): void {
    if (this.#state !== "closed") return;
    if (this.#owner.keepAlive) {
      this.#state = "opening";
      this.#connect();
    } else {
      this.#free();
    }
  }

  /** Sends sample `index` at once; `sentUs` is the present time. The slot must be idle. */
  send(index: number, sentUs: number): void {
    this.#state = "busy";
    this.first = false;
    this.#index = index;
    this.#exchange = this.#owner.exchangeOf(index);
    this.#bytes = 0;
    this.#sentUs = sentUs;
    if (!this.#owner.keepAlive) this.#connect();
    this.#write();
  }

  #connect(): void {
    this.#connection = this.#owner.client.connect(this);
  }

  #write(): void {
    try {
      this.#connection!.send(this.#exchange!.outgoing());
    } catch (error) {
      if (!(error instanceof UnsendableRequest)) throw error;
      this.#end({ outcome: "body", reason: error.message }, performance.now() * 1000, NO_STATUS);
      this.#free();
    }
  }

  opened(): void {
    this.#owner.reached();
    if (this.#state === "opening") this.#free();
  }

  responded(response: Response, doneUs: number): void {
    this.#useless = 0;
    this.#bytes += response.bodyBytes;
    if (doneUs >= this.deadlineUs) {
      this.timeOut();
      return;
    }
    const ending = this.#exchange!.take(response);
    const more = ending === "more";
    if (!response.reusable || (!more && !this.#owner.keepAlive)) this.#drop();
    if (more) {
      if (this.#connection === null) {
        this.#owner.reconnected();
        this.#connect();
      }
      this.#write();
      return;
    }
    this.#end(ending, doneUs, response.status);
    this.#renew(doneUs);
  }

  lost(loss: ConnectionLoss): void {
    this.#connection = null;
    if (!loss.opened) this.#owner.unreachable(loss.reason);
    if (!loss.opened || this.#state !== "busy") this.#useless++;
    if (this.#state === "idle") this.#owner.withdrawn(this);
    if (this.#state === "busy") {
      this.#end(loss, loss.atUs, NO_STATUS);
    } else if (loss.outcome === "body" && this.#index >= 0) {
      // More bytes followed a response that had been taken for complete.
      this.#owner.recorder?.revoke(this.#index, loss.reason);
    }
    this.#renew();
  }

  /** Ends the sample under way as timed out, at the timeout's value. */
  timeOut(): void {
    const reason = this.#connection?.missing() ?? "no response";
    this.#drop();
    this.#end({ outcome: "timeout", reason }, this.deadlineUs, NO_STATUS);
    this.#renew();
  }

  /** Between the phases the index of the last sample no longer means anything. */
  forget(): void {
    this.#index = -1;
  }

  close(): void {
    if (this.#pause !== null) clearTimeout(this.#pause);
    this.#pause = null;
    this.#drop();
    this.#state = "closed";
    this.first = true;
  }

  #drop(): void {
    this.#connection?.close();
    this.#connection = null;
  }

  #end({ outcome, reason }: RequestEnding, doneUs: number, status: number): void {
    this.#state = "opening";
    const result = { index: this.#index, outcome, reason, doneUs, status, bytes: this.#bytes };
    this.#owner.recorder?.ended(result);
    this.#owner.ended();
  }

  /**
   * Makes the slot idle again after a sample or a loss, with a new connection where it needs one. `sinceUs`: since when
   * it could have been used. The time in which its response was then checked is no wait for the service.
   */
  #renew(sinceUs?: number): void {
    if (this.#connection !== null || (!this.#owner.keepAlive && this.#useless === 0)) {
      this.#free(sinceUs);
    } else if (!this.#owner.underLoad) {
      this.close();
    } else if (this.#useless > 1) {
      // Connections that lead nowhere are opened again after ever longer pauses.
      this.#state = "resting";
      this.#pause = setTimeout(
        () => {
          this.#reopen();
        },
        Math.min(LONGEST_PAUSE_MS, 2 ** Math.min(this.#useless - 1, 10)),
      );
    } else {
      this.#reopen();
    }
  }

  #reopen(): void {
    this.#pause = null;
    if (!this.#owner.keepAlive) {
      this.#free();
      return;
    }
    this.#owner.reconnected();
    this.#state = "opening";
    this.#connect();
  }

  #free(sinceUs = performance.now() * 1000): void {
    this.#state = "idle";
    this.idleSinceUs = sinceUs;
    this.#owner.freed(this);
  }
}
