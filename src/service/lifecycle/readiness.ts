import { connect, type NetConnectOpts, type Socket } from "node:net";
import { connect as connectTls } from "node:tls";
import { askOverHttp1, askOverHttp2, type Asked } from "./ask.js";
import { describeQuestion, type ReadyQuestion } from "./ready-question.js";

/** What a probe found. */
export type ProbeResponse =
  /** `words`: a sentence, such as "GET /health responded with 503". */
  | { readonly kind: "responded"; readonly host: string; readonly ready: boolean; readonly words: string }
  | { readonly kind: "refused" }
  /** No response came in time, or none that can be read. `words` follow the place: "takes connections but ...". */
  | { readonly kind: "no-response"; readonly host: string; readonly words: string };

/** Where to ask: a port of this machine, or a socket file. */
export interface AskedPlace {
  readonly port: number;
  readonly socketPath: string | null;
}

/** IPv4 first: where a service listens on both, the load goes there. */
const LOOPBACK = ["127.0.0.1", "::1"] as const;
/**
 * Connecting on one machine takes no time. Where the queue of a service that does not accept is full, the kernel drops
 * the attempt and repeats it after ever longer pauses: a fresh attempt finds out sooner that there is room again.
 */
const CONNECT_WITHIN_MS = 300;

/** Asks once, on whichever address takes the connection; takes no longer than `timeoutMs`. */
export async function probe(
  place: AskedPlace,
  question: ReadyQuestion,
  timeoutMs: number,
): Promise<ProbeResponse> {
  const until = performance.now() + timeoutMs;
  for (const [host, address] of addressesOf(place)) {
    const reached = await connected(address, Math.min(CONNECT_WITHIN_MS, timeoutMs));
    if (reached === "refused") continue;
    if (reached === "no-room") return { kind: "no-response", host, words: UNANSWERED };
    return ask(reached, host, question, Math.max(1, until - performance.now()));
  }
  return { kind: "refused" };
}

const UNANSWERED = "takes connections but does not respond";

function addressesOf({ port, socketPath }: AskedPlace): [string, NetConnectOpts][] {
  if (socketPath !== null) return [["localhost", { path: socketPath }]];
  return LOOPBACK.map((host) => [host, { host, port }]);
}

/** `refused` where nothing takes the connection: the kernel says so at once, and the service never hears of it. */
async function connected(
  address: NetConnectOpts,
  timeoutMs: number,
): Promise<Socket | "refused" | "no-room"> {
  return new Promise((resolve) => {
    const socket = connect(address);
    const timer = setTimeout(() => {
      end("no-room");
    }, timeoutMs);
    const end = (how: "refused" | "no-room"): void => {
      clearTimeout(timer);
      socket.destroy();
      resolve(how);
    };
    socket.once("connect", () => {
      clearTimeout(timer);
      resolve(socket);
    });
    // A full queue of a socket file is told at once.
    socket.on("error", (error: NodeJS.ErrnoException) => {
      end(error.code === "EAGAIN" ? "no-room" : "refused");
    });
  });
}

async function ask(
  socket: Socket,
  host: string,
  question: ReadyQuestion,
  timeoutMs: number,
): Promise<ProbeResponse> {
  const what = describeQuestion(question);
  const timeout = new AbortController();
  const timer = setTimeout(() => {
    timeout.abort();
  }, timeoutMs);
  const late = new Promise<"late">((resolve) => {
    timeout.signal.addEventListener("abort", () => {
      resolve("late");
    });
  });
  try {
    const asked = await Promise.race([send(socket, question), late]);
    if (asked === "late") {
      const words = `${UNANSWERED} (${what}: no response within ${Math.round(timeoutMs)} ms)`;
      return { kind: "no-response", host, words };
    }
    return { kind: "responded", host, ready: asked.ready, words: `${what} ${asked.words}` };
  } catch (error) {
    return {
      kind: "no-response",
      host,
      words: `takes connections but ${what} failed: ${(error as Error).message}`,
    };
  } finally {
    clearTimeout(timer);
    socket.destroy();
  }
}

async function send(socket: Socket, question: ReadyQuestion): Promise<Asked> {
  const overHttp2 = question.kind === "grpc-health" || question.protocol === "http2";
  const connection = question.tls ? await secured(socket, overHttp2 ? ["h2"] : ["http/1.1"]) : socket;
  return question.kind === "grpc-health" || question.protocol === "http2"
    ? askOverHttp2(connection, question)
    : askOverHttp1(connection, question);
}

/** A service under test may use a certificate of its own making: it is measured, and not trusted with anything. */
function secured(socket: Socket, protocols: string[]): Promise<Socket> {
  return new Promise((resolve, reject) => {
    const secure = connectTls(
      { socket, ALPNProtocols: protocols, servername: "localhost", rejectUnauthorized: false },
      () => {
        resolve(secure);
      },
    );
    secure.on("error", reject);
  });
}
