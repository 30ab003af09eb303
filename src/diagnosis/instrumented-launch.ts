import type { ArmPlan } from "../model/plan.js";
import { describeUnseen } from "../probes/describe-unseen.js";
import type { PreparedInstrument, ProfileReading } from "../probes/instrument.js";
import type { Looking } from "../probes/looking.js";
import type { Probe } from "../probes/probe.js";
import { programsOf } from "../probes/programs-of.js";
import type { RunningService } from "../service/lifecycle/running-service.js";
import type { DiagnosisPorts } from "./diagnosis-ports.js";
import { firstLine } from "../text/lines.js";

/** Instruments of one arm in one block. */
export interface ArmInstruments {
  readonly arm: ArmPlan;
  /** What the instruments add to the service's environment. */
  readonly environment: Readonly<Record<string, string>>;
  /** Lets every instrument take the processes of its runtime, in the order in which instruments are listed. */
  attach(service: RunningService): Promise<AttachedInstruments>;
  close(): Promise<void>;
}

export interface AttachedInstruments {
  readonly probes: readonly Probe<readonly ProfileReading[]>[];
  /** In a sentence each: what looks at the service, and what cannot and why. */
  readonly words: readonly string[];
  /** Whether one of them is for the service's runtime, even if it cannot look for what was asked. */
  readonly knowsRuntime: boolean;
}

/** Prepares every instrument for an arm that is about to be started. */
export async function prepareInstruments(
  arm: ArmPlan,
  looking: Looking,
  ports: DiagnosisPorts,
): Promise<ArmInstruments> {
  const prepared: PreparedInstrument[] = [];
  const close = async (): Promise<void> => {
    await Promise.allSettled(prepared.map((one) => one.close()));
  };
  const environment = ports.environmentOf(arm);
  const checkout = await ports.folderOf(arm.name);
  const isContained = arm.service.container !== undefined;
  try {
    // What they add lies outside of a container.
    for (const instrument of isContained ? [] : ports.instruments) {
      prepared.push(
        await instrument.prepare({ looking, environment, checkout, folder: await ports.newFolder() }),
      );
    }
  } catch (error) {
    await close();
    throw error;
  }
  return {
    arm,
    environment: Object.assign({}, ...prepared.map((one) => one.environment)) as Record<string, string>,
    attach: (service) =>
      isContained
        ? Promise.resolve({
            probes: [],
            words: ["the service runs in a container, which no instrument looks into"],
            knowsRuntime: false,
          })
        : attachAll(prepared, service.processes()),
    close,
  };
}

async function attachAll(
  prepared: readonly PreparedInstrument[],
  processes: readonly number[],
): Promise<AttachedInstruments> {
  const probes: Probe<readonly ProfileReading[]>[] = [];
  const words: string[] = [];
  let unseen = processes;
  for (const instrument of prepared) {
    const attached = await instrument.attach(unseen).catch((error: unknown) => ({
      words: `an instrument failed: ${firstLine(String(error))}`,
      processes: [] as number[],
      probe: null,
    }));
    if (attached === null) continue;
    unseen = unseen.filter((pid) => !attached.processes.includes(pid));
    words.push(attached.words);
    if (attached.probe !== null) probes.push(attached.probe);
  }
  const description = describeUnseen(await programsOf(unseen), words.length > 0);
  return {
    probes,
    words: description === null ? words : [...words, description],
    knowsRuntime: unseen.length < processes.length,
  };
}
