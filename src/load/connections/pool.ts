import { TailgateError } from "../../error.js";
import type { Client } from "../driver.js";
import { setsOf, type Phase, type RequestProfile, type Target } from "../phase.js";
import type { Exchange } from "../requests/exchange.js";
import { RequestSequence } from "../requests/request-sequence.js";
import { SampleSource } from "../requests/sample-source.js";
import type { Recorder } from "../samples/recorder.js";
import { FIRST_NUMBERS } from "../schedule/mix-parts.js";
import { sequenceTools } from "./sequence-tools.js";
import { Slot, type SlotOwner } from "./slot.js";

/** What the phase wants to know while it runs. */
export interface PoolListener {
  /** A request has ended, and its result is recorded. */
  ended(): void;
  /** A connection became idle. */
  freed(): void;
  /** No connection can be made any more. */
  gone(error: TailgateError): void;
}

/** For how long a target may refuse every connection. */
export const GONE_AFTER_MS = 750;
/** Least time that a target is given to take all connections. */
const OPEN_MS = 1000;

/** All connections to one target; they outlive phases. */
export class Pool<Message = unknown> implements SlotOwner<Message> {
  target: Target;
  readonly client: Client<Message>;
  readonly keepAlive: boolean;
  recorder: Recorder | null = null;
  timeoutUs: number;
  underLoad = false;
  reconnects = 0;
  busy = 0;
  readonly #slots: Slot<Message>[];
  #samples: SampleSource<Message> | null = null;
  /** In the order in which they became idle, so that all are used in turn. */
  #idle: Slot<Message>[] = [];
  #listener: PoolListener | null = null;
  #unreachableSinceMs: number | null = null;

  constructor(target: Target, client: Client<Message>, profile: RequestProfile) {
    this.target = target;
    this.client = client;
    this.keepAlive = profile.connection === "keep-alive";
    this.timeoutUs = profile.timeoutMs * 1000;
    this.#slots = Array.from({ length: profile.connections }, () => new Slot(this));
  }

  /**
   * Begins a phase: opens the connections that are not open, and resolves when all of them stand.
   *
   * @param parts - of `mixParts`
   */
  async begin(
    { profile, numbering = FIRST_NUMBERS }: Pick<Phase, "profile" | "numbering">,
    parts: Uint8Array | null,
    recorder: Recorder,
    listener: PoolListener,
  ): Promise<void> {
    const sequences = setsOf(profile).map((set) => {
      const tools = sequenceTools(set, profile, numbering, this);
      return new RequestSequence(set, { ...tools, keepBodies: false });
    });
    this.#samples = new SampleSource({ sequences, parts, first: numbering.first });
    this.timeoutUs = profile.timeoutMs * 1000;
    this.reconnects = 0;
    this.underLoad = true;
    this.recorder = recorder;
    this.#unreachableSinceMs = null;
    let timer: NodeJS.Timeout | undefined;
    await new Promise<void>((resolve, reject) => {
      const look = (): void => {
        if (this.#idle.length === this.#slots.length) resolve();
      };
      this.#listener = { ended: () => undefined, freed: look, gone: reject };
      timer = setTimeout(
        () => {
          // Some services take fewer connections than asked for: the ones that they take carry the load.
          if (this.#idle.length > 0) resolve();
          else reject(this.#goneError("it does not take connections"));
        },
        Math.max(OPEN_MS, this.timeoutUs / 1000),
      );
      for (const slot of this.#slots) slot.open();
      look();
    }).finally(() => {
      clearTimeout(timer);
    });
    this.reconnects = 0;
    this.#listener = listener;
  }

  /** Ends a phase. Connections stay open, but one that the service closes now stays closed. */
  rest(): void {
    this.underLoad = false;
    this.recorder = null;
    this.#listener = null;
    for (const slot of this.#slots) slot.forget();
  }

  close(): void {
    this.rest();
    for (const slot of this.#slots) slot.close();
    this.#idle = [];
    this.busy = 0;
  }

  get idleCount(): number {
    return this.#idle.length;
  }

  /** Since when some connection has been idle without a break, microseconds; `Infinity` if none is. */
  get idleSinceUs(): number {
    return this.#idle[0]?.idleSinceUs ?? Infinity;
  }

  /**
   * Sends sample `index` at once, on the connection that has been idle the longest; `sentUs` is the present time. Returns
   * whether it is the first request of a connection that was opened ahead of the load.
   */
  send(index: number, sentUs: number): boolean {
    const slot = this.#idle.shift()!;
    const first = this.keepAlive && slot.first;
    this.busy++;
    slot.send(index, sentUs);
    this.#samples!.writeAhead(index + 1);
    return first;
  }

  /** Ends every sample that has outlived its timeout at `nowUs`. */
  expire(nowUs: number): void {
    if (this.busy === 0) return;
    for (const slot of this.#slots) {
      if (slot.busy && slot.deadlineUs <= nowUs) slot.timeOut();
    }
  }

  /** Ends every sample under way as timed out. */
  cancel(): void {
    for (const slot of this.#slots) if (slot.busy) slot.timeOut();
  }

  exchangeOf(index: number): Exchange<Message> {
    return this.#samples!.open(index);
  }

  ended(): void {
    this.busy--;
    this.#listener?.ended();
  }

  freed(slot: Slot<Message>): void {
    this.#idle.push(slot);
    this.#listener?.freed();
  }

  withdrawn(slot: Slot<Message>): void {
    this.#idle = this.#idle.filter((other) => other !== slot);
  }

  reconnected(): void {
    this.reconnects++;
  }

  reached(): void {
    this.#unreachableSinceMs = null;
  }

  unreachable(reason: string): void {
    const nowMs = performance.now();
    this.#unreachableSinceMs ??= nowMs;
    if (nowMs - this.#unreachableSinceMs >= GONE_AFTER_MS) this.#listener?.gone(this.#goneError(reason));
  }

  #goneError(reason: string): TailgateError {
    const { arm, host, port, socketPath = null } = this.target;
    const where = socketPath === null ? `${host}, port ${port}` : `socket ${socketPath}`;
    return new TailgateError(
      "load",
      `"${arm}" is gone: ${reason} (${where}).`,
      "See the end of its log: it may have crashed under load, or it does not listen there.",
    );
  }
}
