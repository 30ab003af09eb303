import type { ArmPlan } from "../model/plan.js";
import type { AttachedInstrument, PreparedInstrument } from "../probes/instrument.js";
import type { Looking } from "../probes/looking.js";
import type { RunningService } from "../service/lifecycle/running-service.js";
import type { DiagnosisPorts } from "./diagnosis-ports.js";

/** Instruments of one arm in one block. */
export interface ArmInstruments {
  readonly arm: ArmPlan;
  /** What the instruments add to the service's environment. */
  readonly environment: Readonly<Record<string, string>>;
  /** What looks into the running service, and in a sentence each what cannot and why. */
  attach(service: RunningService): Promise<{
    readonly attached: readonly AttachedInstrument[];
    readonly refusals: readonly string[];
  }>;
  close(): Promise<void>;
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
  try {
    // What they add lies outside of a container.
    const instruments = arm.service.container === undefined ? ports.instruments : [];
    for (const instrument of instruments) {
      prepared.push(
        await instrument.prepare({ looking, environment, checkout, folder: await ports.newFolder() }),
      );
    }
  } catch (error) {
    await close();
    throw error;
  }
  const added = Object.assign({}, ...prepared.map((one) => one.environment)) as Record<string, string>;
  return {
    arm,
    environment: added,
    async attach(service) {
      const attached: AttachedInstrument[] = [];
      const refusals: string[] =
        arm.service.container === undefined
          ? []
          : ["the service runs in a container, which no instrument looks into"];
      for (const instrument of prepared) {
        try {
          const found = await instrument.attach(service);
          if (found !== null) attached.push(found);
        } catch (error) {
          refusals.push((error as Error).message);
        }
      }
      return { attached, refusals };
    },
    close,
  };
}
