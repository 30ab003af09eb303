import { startAll, stopAll } from "../experiment/launches.js";
import { loggedIn } from "../experiment/logged-in.js";
import { startOrder, type BlockPosition } from "../experiment/order.js";
import { closedPhase, openPhase } from "../experiment/phases.js";
import { blockNumbering } from "../experiment/request-numbers.js";
import type { SentLoad } from "../experiment/sent-load.js";
import type { Target } from "../load/phase.js";
import { summarizeSamples } from "../load/samples/summarize-samples.js";
import type { ArmPlan, Plan } from "../model/plan.js";
import type { ArmProfile } from "../model/profile.js";
import type { FixedLoad, Schedule } from "../model/schedule.js";
import type { ProfileReading } from "../probes/instrument.js";
import type { Looking } from "../probes/looking.js";
import { withProbes, type Probe } from "../probes/probe.js";
import type { RunningService } from "../service/lifecycle/running-service.js";
import type { DiagnosisPorts } from "./diagnosis-ports.js";
import type { DiagnosisLoad } from "./diagnosis-schedule.js";
import { firstLine } from "../text/lines.js";
import { DiagnosisFailed } from "./diagnosis-failed.js";
import { prepareInstruments, type ArmInstruments, type AttachedInstruments } from "./instrumented-launch.js";
import { mergeReadings } from "./merge-readings.js";

/** What all diagnosis blocks of a run share. */
export interface DiagnosisSetup {
  readonly plan: Plan;
  readonly schedule: Schedule;
  /** The baseline and one candidate. */
  readonly arms: readonly ArmPlan[];
  readonly sent: SentLoad;
  readonly load: FixedLoad;
  readonly ports: DiagnosisPorts;
}

/** One diagnosis block: what was seen of each arm. */
export interface DiagnosisBlock {
  readonly profiles: readonly ArmProfile[];
  /** By arm, in sentences: what looked at it, and what could not and why. */
  readonly words: ReadonlyMap<string, readonly string[]>;
  /** Whether an instrument for the runtime of an arm is here. */
  readonly knowsRuntime: boolean;
}

/**
 * One launch of both arms with instruments: start, warm up, attach, and send the seeded load in bursts that take turns,
 * as in a measured block.
 *
 * @throws DiagnosisFailed when an arm does not start, or serves nothing, or ends
 */
export async function runDiagnosisBlock(
  setup: DiagnosisSetup,
  position: BlockPosition,
  index: number,
  looking: Looking,
  load: DiagnosisLoad,
): Promise<DiagnosisBlock> {
  const { arms, schedule, ports } = setup;
  const order = startOrder(arms, position);
  const profiles: ArmProfile[] = [];
  const words = new Map<string, readonly string[]>();
  const known = new Set<string>();
  ports.experiment.requireRoom();
  await ports.experiment.reset(arms);
  for (const group of schedule.sideBySide ? [order] : order.map((arm) => [arm])) {
    const instruments: ArmInstruments[] = [];
    try {
      for (const arm of group) instruments.push(await prepareInstruments(arm, looking, ports));
      await runGroup(setup, instruments, { position, index, looking, load }, { profiles, words, known });
    } finally {
      await Promise.all(instruments.map((one) => one.close()));
    }
  }
  return { profiles, words, knowsRuntime: known.size > 0 };
}

interface BlockTask {
  readonly position: BlockPosition;
  readonly index: number;
  readonly looking: Looking;
  readonly load: DiagnosisLoad;
}

interface Gathered {
  readonly profiles: ArmProfile[];
  /** Arms whose runtime an instrument is for. */
  readonly known: Set<string>;
  readonly words: Map<string, readonly string[]>;
}

async function runGroup(
  setup: DiagnosisSetup,
  instruments: readonly ArmInstruments[],
  task: BlockTask,
  gathered: Gathered,
): Promise<void> {
  const { plan, ports } = setup;
  const { experiment } = ports;
  const launch = await startAll(
    instruments.map(({ arm }) => arm),
    task.position.block,
    {
      ...experiment,
      launch: (arm, processors) =>
        experiment.launch(arm, processors, instruments.find((one) => one.arm === arm)!.environment),
    },
  );
  if (!launch.ok)
    throw new DiagnosisFailed(launch.failures.map(({ error }) => firstLine(error.message)).join("; "));
  const { services } = launch;
  try {
    const targets: Target[] = [];
    for (const service of services) targets.push(await loggedIn(plan, service, experiment));
    await experiment.generator.run(warmUp(setup, targets, task), experiment.signal);
    const attached: AttachedInstruments[] = [];
    for (const [at, service] of services.entries()) {
      const found = await instruments[at]!.attach(service);
      attached.push(found);
      gathered.words.set(service.arm, found.words);
      if (found.knowsRuntime) gathered.known.add(service.arm);
    }
    gathered.profiles.push(...(await look(setup, services, targets, attached, task)));
    await requireAlive(services);
  } finally {
    await experiment.generator.disconnect();
    await stopAll(services);
  }
}

function warmUp({ plan, schedule, sent, load }: DiagnosisSetup, targets: readonly Target[], task: BlockTask) {
  const size = {
    requests: Math.max(1, task.load.warmupRequests),
    burstMs: load.capacityBurstMs,
    purpose: "warm-up",
  };
  const numbering = blockNumbering(
    plan.scenarios,
    schedule.loads,
    sent.scenario.name,
    "warm-up",
    task.position,
  );
  return closedPhase(sent, targets, size, task.position, numbering);
}

/** Sends the load to all arms in turns, with every instrument on. */
async function look(
  { plan, schedule, sent, load, ports: { experiment } }: DiagnosisSetup,
  services: readonly RunningService[],
  targets: readonly Target[],
  attached: readonly AttachedInstruments[],
  { position, index, looking, load: { ratePerSecond, requests } }: BlockTask,
): Promise<ArmProfile[]> {
  const numbering = blockNumbering(plan.scenarios, schedule.loads, sent.scenario.name, "open", position);
  const phase = openPhase(
    sent,
    targets,
    { ratePerSecond, requests, burstMs: load.burstMs },
    position,
    numbering,
  );
  const instruments = attached.map(({ probes }) => together(probes));
  const { result, readings } = await withProbes(instruments, () =>
    withProbes(
      services.map((service) => experiment.probes.usageOf(service)),
      () => experiment.generator.run(phase, experiment.signal),
    ),
  );
  return services.map(({ arm }, at) => {
    const summary = summarizeSamples(result.result.arms[at]!);
    if (summary.measured.latencyUs === null)
      throw new DiagnosisFailed(`${arm} served no request as expected`);
    const { cpuNs } = result.readings[at]!;
    return {
      arm,
      block: index,
      ...mergeReadings(readings[at]!, summary.measured.requests),
      // What counting costs is no CPU of the service's own.
      serviceCpuUs: cpuNs === null || looking === "calls" ? null : cpuNs / 1000 / summary.measured.requests,
      latencyUs: summary.measured.latencyUs.p50,
      p99Us: summary.measured.latencyUs.p99,
    };
  });
}

/** Several instruments of one service as one. */
function together(probes: readonly Probe<readonly ProfileReading[]>[]): Probe<readonly ProfileReading[]> {
  return {
    async start() {
      const stops = await Promise.all(probes.map((probe) => probe.start()));
      return async () => (await Promise.all(stops.map((stop) => stop()))).flat();
    },
  };
}

async function requireAlive(services: readonly RunningService[]): Promise<void> {
  for (const service of services) {
    const { alive, reason } = await service.health();
    if (!alive)
      throw new DiagnosisFailed(`${service.arm} ended under it: ${reason ?? "its process is gone"}`);
  }
}
