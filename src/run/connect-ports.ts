import { mkdtemp, realpath } from "node:fs/promises";
import { join } from "node:path";
import type { DiagnosisPorts } from "../diagnosis/diagnosis-ports.js";
import type { Block } from "../model/block.js";
import type { ArmPlan, Plan } from "../model/plan.js";
import type { ExperimentPorts } from "../experiment/experiment-ports.js";
import type { LoadGenerator, RequestProfile, RequestSet } from "../load/phase.js";
import { startGenerator } from "../load/generator/generator.js";
import { renewedGenerator } from "../load/generator/renewed-generator.js";

import { machineNoiseProbe } from "../probes/machine-noise.js";
import { javaInstrument } from "../probes/java/java-instrument.js";
import { nativeInstrument } from "../probes/native/native-instrument.js";
import { nodeInstrument } from "../probes/node/node-instrument.js";
import { pythonInstrument } from "../probes/python/python-instrument.js";
import { usageProbe } from "../probes/usage.js";
import { requireFreeSpace } from "../files/free-space.js";
import { launch } from "../service/lifecycle/launch.js";
import { type Placement, notPlaced, placementFor } from "../service/lifecycle/placement.js";
import { readProcessors } from "../service/lifecycle/processors.js";
import { startTimeOf } from "../service/process/process-identity.js";
import { seededRandom } from "../stats/random.js";
import { blockStore } from "../store/block-store.js";
import type { Store } from "../store/store.js";
import { armEnvironment, runArmHook } from "./arms/arm-hook.js";
import { verifyStartedProgram, verifyWhileMeasured } from "./arms/base-program.js";
import { firstResponses } from "./arms/first-responses.js";
import type { PreparedArm } from "./arms/prepare-arm.js";
import { askOnce } from "./arms/send-once.js";
import { connectDeployments } from "./deployments/connect-deployments.js";
import { filledReady, filledRequest } from "./job-variables.js";
import type { RunContext } from "./run-context.js";
import type { SentFiles } from "./arms/sent-files.js";
import type { RunWorkspace } from "./run-workspace.js";

/** With fewer processors, a database or other neighbour of the service needs the generator's as well. */
const ENOUGH_TO_WAIT_AWAKE = 4;

/** Everything that touches the system while a run measures. */
export interface RunPorts {
  readonly experiment: ExperimentPorts;
  /** For the launches that explain a verdict. */
  readonly diagnosis: DiagnosisPorts;
  /** The blocks of a run, as they end. */
  readonly blocks: Store<Block>;
  /** Where the generator and the arms run. */
  readonly placement: Placement;
  /** Arm -> why its CPU and memory are not available; filled when it is launched. */
  readonly usageUnavailable: ReadonlyMap<string, string | null>;
  /** Where the arms' first responses differed. */
  readonly firstDifferences: () => readonly string[];
  /** Arms that may be one deployment under two names. */
  readonly sameDeployments: () => readonly string[];
  /** Ends the load generator. */
  readonly close: () => Promise<void>;
}

/** Connects a run with the system: processes, sockets, files and clocks. The one place where ports are wired. */
export async function connectPorts(
  plan: Plan,
  arms: readonly PreparedArm[],
  context: RunContext,
  workspace: RunWorkspace,
): Promise<RunPorts> {
  const processors = readProcessors(context.environment);
  const wanted =
    plan.deployments === undefined
      ? placementFor(
          plan.arms.map((arm) => arm.name),
          processors,
        )
      : notPlaced("the services run elsewhere");
  const generator = await renewedGenerator(async () => {
    const started = await startGenerator({
      processors: wanted.generator,
      mayWaitAwake: (processors.allowed?.length ?? 0) >= ENOUGH_TO_WAIT_AWAKE,
    });
    workspace.folder.noteProcess({ pid: started.pid, startTime: startTimeOf(started.pid) });
    return started;
  });
  const placement =
    generator.processors === wanted.generator
      ? wanted
      : notPlaced("the generator could not be put on a processor of its own");

  const usageUnavailable = new Map<string, string | null>();
  const unplaced = new Set<string>();
  // The run's id is part of it: two runs with one seed on one machine must not try the same ports at the same time.
  const portRandom = seededRandom(plan.experiment.seed, `ports of ${workspace.folder.runId}`);
  const prepared = (arm: ArmPlan): PreparedArm => arms.find(({ plan: { name } }) => name === arm.name)!;

  const baseline = arms.find((arm) => arm.plan.name === plan.baseline);

  const responses = firstResponses(
    plan,
    (service, request) =>
      askOnce(service, filledRequest(request, context.environment), workspace.files.paths),
    (sentence) => {
      context.journal.note(`${sentence.replace(/^the/, "The")}${sentence.endsWith("?") ? "" : "."}`);
    },
  );

  const deployments = connectDeployments(plan, context, workspace);

  const experiment: ExperimentPorts = {
    generator: withFiles(generator, workspace.files, context.environment),
    signal: context.signal,
    async launch({ name }, processorList, added = {}) {
      const { plan: arm, folder, container } = arms.find((one) => one.plan.name === name)!;
      if (arm.service.deployment !== undefined) {
        const deployed = await deployments.connect(prepared(arm));
        usageUnavailable.set(arm.name, deployed.usageUnavailable);
        await responses.ask(arm, deployed);
        return deployed;
      }
      const service = await launch({
        arm: arm.name,
        service: {
          ...filledReady(arm.service, context.environment),
          env: { ...armEnvironment(arm, context.environment), ...added },
        },
        container,
        checkout: folder,
        environment: context.environment,
        logFile: workspace.log(`service-${arm.name}`),
        socketFolder: workspace.folder.path,
        processors: processorList,
        runId: workspace.folder.runId,
        readyStatus: [],
        signal: context.signal,
        random: portRandom,
        onSpawn: workspace.folder.noteProcess,
        onContainers: workspace.folder.noteContainers,
      });
      usageUnavailable.set(arm.name, service.usageUnavailable);
      if (processorList !== null && service.processors === null) unplaced.add(arm.name);
      if (baseline !== undefined) await verifyStartedProgram(baseline, prepared(arm), service);
      await responses.ask(arm, service);
      return service;
    },
    async reset(of) {
      for (const arm of of) {
        if (arm.service.reset !== null)
          await runArmHook("reset", arm.service.reset, prepared(arm), context, workspace);
      }
    },
    requireRoom: () => {
      requireFreeSpace(workspace.folder.path);
    },
    verifyBase: () => verifyWhileMeasured(baseline?.program ?? null),
    processorsOf: (arm, block) => placement.processorsOf(arm, block),
    probes: { machine: machineNoiseProbe(() => performance.now()), usageOf: usageProbe },
    nowMs: () => performance.now(),
    date: () => new Date(),
  };
  const blocks = blockStore(join(context.outFolder, "blocks.ndjson"), "Measure again.");
  const diagnosis: DiagnosisPorts = {
    experiment,
    instruments: [nodeInstrument(), pythonInstrument(), javaInstrument(), nativeInstrument()],
    folderOf: (arm) => realpath(arms.find(({ plan: { name } }) => name === arm)!.folder),
    environmentOf: (arm) => ({
      ...context.environment,
      ...armEnvironment(prepared(arm).plan, context.environment),
    }),
    newFolder: () => mkdtemp(join(workspace.folder.path, "i-")),
  };
  return {
    experiment,
    diagnosis,
    blocks,
    placement: {
      ...placement,
      get words() {
        return wordsOf(placement, unplaced);
      },
    },
    usageUnavailable,
    firstDifferences: () => responses.differences(),
    sameDeployments: deployments.doubts,
    close: () => generator.stop(),
  };
}

/** What was done, and which containers their engine did not keep where it was told to. */
function wordsOf({ words }: Placement, unplaced: ReadonlySet<string>): string {
  if (unplaced.size === 0) return words;
  return `${words}; but the engine lets ${[...unplaced].sort().join(" and ")} run on every processor, the generator's too`;
}

/** What is measured names files and variables of the job; where those lie and what they are only the run knows. */
function withFiles(
  generator: LoadGenerator,
  { paths, tables }: SentFiles,
  environment: RunContext["environment"],
): LoadGenerator {
  const filled = <Set extends RequestSet>(set: Set): Set => ({
    ...set,
    requests: set.requests.map((request) => filledRequest(request, environment)),
  });
  const found = (profile: RequestProfile): RequestProfile => ({
    ...filled(profile),
    ...(profile.mix === undefined ? {} : { mix: profile.mix.map(filled) }),
    files: paths,
    tables,
  });
  return {
    get pid() {
      return generator.pid;
    },
    get processors() {
      return generator.processors;
    },
    run: (phase, signal, onProgress) =>
      generator.run({ ...phase, profile: found(phase.profile) }, signal, onProgress),
    logIn: (target, profile, signal) => generator.logIn(target, found(profile), signal),
    disconnect: () => generator.disconnect(),
    stop: () => generator.stop(),
  };
}
