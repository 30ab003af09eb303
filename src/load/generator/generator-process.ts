import { TailgateError } from "../../error.js";
import { Endpoints } from "../connections/endpoints.js";
import { Pool } from "../connections/pool.js";
import { DRIVERS } from "../drivers.js";
import type { Phase, PhaseResult, RequestProfile, Target } from "../phase.js";
import { requireAbilities } from "../require-abilities.js";
import type { Reply, Request } from "./messages.js";
import { logIn } from "../connections/log-in.js";
import type { Session } from "../requests/session.js";
import { runPhase } from "../scheduler/run-phase.js";
import { sendResult, type Sender } from "./transfer.js";

// The generator's own process: one event loop and garbage collector that nothing else shares.

const endpoints = new Endpoints();
const pools = new Map<string, Pool>();
let running: { readonly id: number; readonly abort: AbortController } | null = null;

function reply(message: Reply): void {
  process.send!(message);
}

const sender: Sender = {
  send: (message) =>
    new Promise((resolve, reject) => {
      process.send!(message, undefined, undefined, (error) => {
        if (error === null) resolve();
        else reject(error);
      });
    }),
  collectGarbage: () => globalThis.gc?.(),
};

async function run(id: number, phase: Phase, mayWaitAwake: boolean): Promise<PhaseResult> {
  if (running !== null) throw new Error("one phase at a time");
  const abort = new AbortController();
  running = { id, abort };
  try {
    const taken: Pool[] = [];
    for (const target of phase.targets) taken.push(await poolOf(target, phase.profile));
    return await runPhase(phase, taken, {
      mayWaitAwake,
      signal: abort.signal,
      onProgress: (ended) => {
        reply({ type: "progress", id, ended });
      },
    });
  } catch (error) {
    // The state of what was under way is unknown.
    disconnect();
    throw error;
  } finally {
    running = null;
  }
}

/** Connections outlive a phase: the next phase of the same kind uses them again. */
async function poolOf(target: Target, profile: RequestProfile): Promise<Pool> {
  const driver = DRIVERS[profile.protocol];
  requireAbilities(driver, target, profile);
  const { protocol, connections, connection } = profile;
  const key = JSON.stringify([
    target.arm,
    target.host,
    target.name,
    target.port,
    target.socketPath,
    target.tls,
    protocol,
    connections,
    connection,
  ]);
  let pool = pools.get(key);
  if (pool === undefined) {
    pool = new Pool(target, driver.clientOf(await endpoints.of(target)), profile);
    pools.set(key, pool);
  }
  // What it gave at login may have come since.
  pool.target = target;
  return pool;
}

/** The session of a login, over a connection of its own. */
async function logInTo(target: Target, profile: RequestProfile): Promise<Session> {
  const driver = DRIVERS[profile.protocol];
  requireAbilities(driver, target, profile);
  return logIn(driver.clientOf(await endpoints.of(target)), target, profile);
}

function disconnect(): void {
  for (const pool of pools.values()) pool.close();
  pools.clear();
  endpoints.forget();
}

function explain(id: number, error: unknown): Reply {
  if (error instanceof TailgateError) {
    return { type: "refused", id, code: error.code, message: error.message, hint: error.hint };
  }
  return {
    type: "broken",
    id,
    stack: error instanceof Error ? (error.stack ?? error.message) : String(error),
  };
}

process.on("message", (message: Request) => {
  switch (message.type) {
    case "run":
      run(message.id, message.phase, message.mayWaitAwake)
        .then((result) => sendResult(message.id, result, sender))
        .catch((error: unknown) => {
          reply(explain(message.id, error));
        });
      return;
    case "log-in":
      logInTo(message.target, message.profile)
        .then((session) => {
          reply({ type: "session", id: message.id, session });
        })
        .catch((error: unknown) => {
          reply(explain(message.id, error));
        });
      return;
    case "abort":
      if (running?.id === message.id) {
        running.abort.abort(new TailgateError("load", "The load was stopped.", "The run was cancelled."));
      }
      return;
    case "disconnect":
      disconnect();
      reply({ type: "disconnected", id: message.id });
      return;
  }
});

// The parent has ended, in whatever way.
process.on("disconnect", () => {
  process.exit(0);
});
// A job's Ctrl-C reaches the whole process group, but the parent decides when to end.
process.on("SIGINT", () => undefined);

reply({ type: "ready" });
