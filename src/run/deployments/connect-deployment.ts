import { TailgateError } from "../../error.js";
import { Endpoints } from "../../load/connections/endpoints.js";
import type { Endpoint } from "../../load/driver.js";
import type { NetworkTime } from "../../metrics/measurement.js";
import type { ArmPlan } from "../../model/plan.js";
import type { RunningService } from "../../service/lifecycle/running-service.js";
import { median } from "../../stats/quantile.js";
import { type ExpectedGreeting, greet } from "./greet.js";
import type { Reached } from "./reach.js";
import type { Seen } from "./same-deployment.js";

/** How often the way is gone before a block; the median of so few leaves out a lost packet. */
const TRIES = 5;

interface ConnectOptions {
  readonly arm: ArmPlan;
  readonly greeting: ExpectedGreeting;
  /** Deploys it anew first; `null`: it stays as it is. */
  readonly redeploy: (() => Promise<unknown>) | null;
  readonly signal: AbortSignal;
  /** Hears what was found there. */
  readonly seen: (seen: Seen) => void;
}

/** Why CPU and memory of such a service are not known. */
const ELSEWHERE = "it runs elsewhere";

/**
 * A service that runs elsewhere, as a block meets it: its name is resolved once, and everything goes to the address that
 * was checked, so that no later answer of a name server can lead anywhere else.
 *
 * @throws TailgateError "service" when it is not there, does not let us in, or may not be sent anything
 */
export async function connectDeployment(options: ConnectOptions): Promise<RunningService> {
  const { arm, greeting, redeploy, signal } = options;
  const began = performance.now();
  await redeploy?.();
  const url = new URL(arm.service.deployment!.url);
  const tls = url.protocol === "https:";
  const name = url.hostname.replace(/^\[|\]$/g, "");
  const port = Number(url.port) || (tls ? 443 : 80);
  const endpoint = await resolved({ arm: arm.name, host: name, port, tls });
  const { timeoutMs } = arm.service.ready;
  const first = await greet(arm.name, endpoint, greeting, { timeoutMs, signal });
  const startedInMs = performance.now() - began;
  const reached = [first];
  while (reached.length < TRIES)
    reached.push(await greet(arm.name, endpoint, greeting, { timeoutMs, signal }));
  options.seen({ arm: arm.name, address: `${endpoint.address} port ${port}`, headers: first.headers });
  return {
    arm: arm.name,
    host: endpoint.address,
    name,
    network: networkOf(reached),
    port,
    socketPath: null,
    tls,
    pid: 0,
    processors: null,
    startedInMs,
    usage: () => Promise.resolve({ cpuNs: null, peakResidentBytes: null }),
    usageUnavailable: ELSEWHERE,
    processes: () => [],
    program: () => Promise.resolve({ files: new Map(), images: [] }),
    health: () => Promise.resolve({ alive: true, ownsPort: true, reason: null }),
    exited: new Promise(() => undefined),
    stop: () => Promise.resolve({ durationMs: 0, killed: false, portFree: true, left: [] }),
    logTail: () => Promise.resolve(""),
  };
}

/** A name that is not known for a moment costs a block, as a service does that is gone for a moment. */
async function resolved(target: Parameters<Endpoints["of"]>[0]): Promise<Endpoint> {
  try {
    return await new Endpoints().of(target);
  } catch (error) {
    if (!(error instanceof TailgateError)) throw error;
    throw new TailgateError("service", `${target.arm}: ${error.message}`, error.hint);
  }
}

function networkOf(reached: readonly Reached[]): NetworkTime {
  const middle = (of: (network: NetworkTime) => number): number =>
    median(reached.map(({ network }) => of(network)));
  return {
    connectUs: middle(({ connectUs }) => connectUs),
    tlsUs: reached[0]!.network.tlsUs === null ? null : middle(({ tlsUs }) => tlsUs ?? 0),
    requestUs: middle(({ requestUs }) => requestUs),
  };
}
