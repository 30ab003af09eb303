import { rmSync } from "node:fs";
import { createServer, type Socket } from "node:net";
import { z } from "zod";
import { name } from "../bounded-values.js";

/*
 * Tailgate's end of the socket that instruments inside a service connect to. Whatever runs in the service may connect
 * as well and say anything: lines are bounded, and what they hold is checked by who asked for it.
 */

/** What an instrument says of itself when it connects. */
const greeting = z.object({
  runtime: z.enum(["node", "python"]),
  version: name(),
  pid: z.int().min(1),
  thread: z.int().min(0),
  program: name().catch(""),
});
type Greeting = z.output<typeof greeting>;

export type AgentParameters = Readonly<Record<string, number | string>>;

/** An instrument in one process or thread of a service. */
export interface ConnectedAgent {
  readonly greeting: Greeting;
  /**
   * Asks for something, and gives the unchecked result.
   *
   * @param withinMs - a thread that waits for another one answers nothing
   * @throws Error when the instrument refuses, does not answer in time, or is gone
   */
  ask(what: string, withinMs: number, parameters?: AgentParameters): Promise<unknown>;
}

export interface AgentSocket {
  readonly path: string;
  /** Those that are connected now, in the order in which they came. */
  connected(): readonly ConnectedAgent[];
  close(): Promise<void>;
}

/** A profile of a large service with its source maps; more than that is not read. */
const LONGEST_LINE_BYTES = 256 * 1024 * 1024;
const MOST_AGENTS = 256;

/** Listens on a socket file for the instruments of one launch. */
export async function listenForAgents(path: string): Promise<AgentSocket> {
  const agents = new Set<ConnectedAgent>();
  const sockets = new Set<Socket>();
  const server = createServer((socket) => {
    sockets.add(socket);
    let agent: ConnectedAgent | null = null;
    const requests = new Requests(socket);
    readLines(socket, (line) => {
      if (agent !== null) {
        requests.receive(line);
        return;
      }
      const said = greeting.safeParse(parsed(line));
      if (!said.success || agents.size >= MOST_AGENTS) {
        socket.destroy();
        return;
      }
      agent = { greeting: said.data, ask: (...asked) => requests.ask(...asked) };
      agents.add(agent);
    });
    socket.on("error", () => socket.destroy());
    socket.on("close", () => {
      sockets.delete(socket);
      if (agent !== null) agents.delete(agent);
      requests.end();
    });
  });
  await new Promise<void>((resolve, reject) => {
    server.once("error", reject);
    server.listen(path, resolve);
  });
  return {
    path,
    connected: () => [...agents],
    async close() {
      for (const socket of sockets) socket.destroy();
      await new Promise((resolve) => server.close(resolve));
      rmSync(path, { force: true });
    },
  };
}

interface Waiting {
  readonly resolve: (result: unknown) => void;
  readonly reject: (error: Error) => void;
}

/** Requests that wait for their answer. */
class Requests {
  readonly #waiting = new Map<number, Waiting>();
  #lastId = 0;
  #ended = false;

  constructor(private readonly socket: Socket) {}

  ask(what: string, withinMs: number, parameters: AgentParameters = {}): Promise<unknown> {
    const id = ++this.#lastId;
    return new Promise((resolve, reject) => {
      if (this.#ended) {
        reject(new Error("the process ended"));
        return;
      }
      const timer = setTimeout(() => {
        this.#waiting.delete(id);
        reject(new Error(`no answer within ${withinMs / 1000} s`));
      }, withinMs);
      this.#waiting.set(id, {
        resolve: (result) => {
          clearTimeout(timer);
          resolve(result);
        },
        reject: (error) => {
          clearTimeout(timer);
          reject(error);
        },
      });
      this.socket.write(`${JSON.stringify({ ...parameters, id, do: what })}\n`);
    });
  }

  receive(line: string): void {
    const answer = Object(parsed(line)) as { id?: unknown; result?: unknown; error?: unknown };
    const waiting = this.#waiting.get(answer.id as number);
    if (waiting === undefined) return;
    this.#waiting.delete(answer.id as number);
    if (typeof answer.error === "string") waiting.reject(new Error(answer.error.slice(0, 500)));
    else waiting.resolve(answer.result);
  }

  end(): void {
    this.#ended = true;
    for (const { reject } of this.#waiting.values()) reject(new Error("the process ended"));
    this.#waiting.clear();
  }
}

function readLines(socket: Socket, take: (line: string) => void): void {
  let pieces: Buffer[] = [];
  let bytes = 0;
  socket.on("data", (data: Buffer) => {
    let piece = data;
    for (let end = piece.indexOf(10); end !== -1; end = piece.indexOf(10)) {
      pieces.push(piece.subarray(0, end));
      take(Buffer.concat(pieces).toString("utf8"));
      pieces = [];
      bytes = 0;
      piece = piece.subarray(end + 1);
    }
    pieces.push(piece);
    bytes += piece.length;
    if (bytes > LONGEST_LINE_BYTES) socket.destroy();
  });
}

function parsed(line: string): unknown {
  try {
    return JSON.parse(line);
  } catch {
    return null;
  }
}
