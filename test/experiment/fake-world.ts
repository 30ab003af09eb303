import type { ExperimentPorts } from "../../src/experiment/experiment-ports.js";
import type { Phase, PhaseResult, Target } from "../../src/load/phase.js";
import { NO_SESSION, type Session } from "../../src/load/requests/session.js";
import type { ArmSamples } from "../../src/load/samples/samples.js";
import type { GeneratorHealth } from "../../src/model/block.js";
import { usageProbe } from "../../src/probes/usage.js";
import type { RunningService } from "../../src/service/lifecycle/running-service.js";

/** What a fake world did, in order, and switches to make it fail. */
export interface FakeWorld {
  readonly ports: ExperimentPorts;
  readonly events: string[];
  /** Arms whose process is there now. */
  readonly running: Set<string>;
  readonly phases: Phase[];
  nowMs: number;
  /** Called before a phase runs; may throw. */
  onPhase: (phase: Phase) => void;
  /** The session that a login gives; may reject. */
  onLogIn: (target: Target) => Promise<Session>;
  /** Arms that do not start. */
  readonly broken: Map<string, Error>;
  /** Arms whose process has ended, and why. */
  readonly dead: Map<string, string>;
  health: GeneratorHealth;
  /** How each request ends, as an index into `OUTCOMES`. */
  outcome: (index: number) => number;
  /** Requests that an arm serves a second. */
  perSecond: number;
  onReset: () => void;
}

const HEALTHY: GeneratorHealth = {
  busyShare: 0.1,
  latenessP50Us: 50,
  latenessP99Us: 200,
  queuedWhileIdle: 0,
  cpuUs: 1000,
};

/** A world without processes or sockets: launches and phases take made-up time. */
export function fakeWorld(): FakeWorld {
  const events: string[] = [];
  const running = new Set<string>();
  const cpuNs = new Map<string, number>();
  const world: FakeWorld = {
    events,
    running,
    phases: [],
    nowMs: 0,
    onPhase: () => undefined,
    onLogIn: () => Promise.resolve(NO_SESSION),
    broken: new Map(),
    dead: new Map(),
    health: HEALTHY,
    outcome: () => 0,
    perSecond: 1000,
    onReset: () => undefined,
    ports: {
      launch(arm, processors): Promise<RunningService> {
        events.push(`start ${arm.name}`);
        const broken = world.broken.get(arm.name);
        if (broken) return Promise.reject(broken);
        running.add(arm.name);
        world.nowMs += 100;
        const service: RunningService = {
          arm: arm.name,
          host: "127.0.0.1",
          port: 4000,
          socketPath: null,
          tls: false,
          pid: 1,
          processors,
          startedInMs: 100,
          usageUnavailable: null,
          exited: new Promise(() => undefined),
          processes: () => [1],
          program: () => Promise.resolve({ files: new Map(), images: [] }),
          usage: () => {
            const used = (cpuNs.get(arm.name) ?? 0) + 50e6;
            cpuNs.set(arm.name, used);
            return Promise.resolve({ cpuNs: used, peakResidentBytes: 40e6 });
          },
          health: () => {
            const reason = world.dead.get(arm.name) ?? null;
            return Promise.resolve({ alive: reason === null, ownsPort: true, reason });
          },
          stop: () => {
            events.push(`stop ${arm.name}`);
            running.delete(arm.name);
            return Promise.resolve({ durationMs: 10, killed: false, portFree: true, left: [] });
          },
          logTail: () => Promise.resolve(""),
        };
        return Promise.resolve(service);
      },
      generator: {
        pid: 2,
        processors: null,
        run: (phase) => {
          events.push(`${phase.loop} ${phase.targets.map((target) => target.arm).join("+")}`);
          world.phases.push(phase);
          return Promise.resolve().then(() => {
            world.onPhase(phase);
            world.nowMs += 1000;
            return resultOf(phase, world);
          });
        },
        logIn: (target) => {
          events.push(`log in ${target.arm}`);
          return world.onLogIn(target);
        },
        disconnect: () => {
          events.push("disconnect");
          return Promise.resolve();
        },
        stop: () => Promise.resolve(),
      },
      reset: () => {
        events.push("reset");
        world.onReset();
        return Promise.resolve();
      },
      requireRoom: () => undefined,
      verifyBase: () => {
        events.push("verify");
        return Promise.resolve();
      },
      processorsOf: () => "1",
      probes: {
        machine: {
          start: () => Promise.resolve(() => Promise.resolve({ stealShare: 0, cpuPressureShare: 0 })),
        },
        usageOf: usageProbe,
      },
      nowMs: () => world.nowMs,
      date: () => new Date("2026-11-21T00:00:00Z"),
      signal: new AbortController().signal,
    },
  };
  return world;
}

function resultOf(phase: Phase, world: FakeWorld): PhaseResult {
  return { arms: phase.targets.map((target) => samplesOf(target, phase, world)), health: world.health };
}

/** Every request is served after 1 ms, one after the other. */
function samplesOf(
  target: Target,
  phase: Phase,
  { outcome, perSecond }: Pick<FakeWorld, "outcome" | "perSecond">,
): ArmSamples {
  const count = phase.requests;
  const at = Float64Array.from({ length: count }, (_, i) => (i * 1e6) / perSecond);
  const activeMs = (count * 1000) / perSecond;
  return {
    arm: target.arm,
    intendedUs: at,
    sentUs: at,
    latencyUs: new Float64Array(count).fill(1000),
    status: new Uint16Array(count).fill(200),
    bytes: new Float64Array(count).fill(10),
    outcome: new Uint8Array(count).map((_, index) => outcome(index)),
    queued: new Uint8Array(count),
    firstOnConnection: new Uint8Array(count),
    reconnects: 0,
    activeMs,
    sendingMs: activeMs,
    steady: phase.loop === "closed" ? { served: count, ms: activeMs } : null,
    gaveUp: null,
    reasons: [],
  };
}
