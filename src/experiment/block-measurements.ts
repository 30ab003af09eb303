import type { ArmMeasurement, ScenarioMeasurement } from "../metrics/measurement.js";
import type { GeneratorHealth, ValidityFailure, ValidityWarning } from "../model/block.js";
import type { Target } from "../load/phase.js";
import type { RunningService } from "../service/lifecycle/running-service.js";

/** One arm while its block runs. */
export interface MeasuredArm {
  readonly service: RunningService;
  readonly scenarios: Map<string, ScenarioMeasurement>;
  /** Where it is asked; with what it gave at login as soon as that is done. */
  target: Target;
  peakResidentBytes: number | null;
}

/** What is gathered while a block runs. What was measured before something went wrong stays in it. */
export interface BlockMeasurements {
  readonly arms: MeasuredArm[];
  /** Of the phases at the fixed rate. */
  readonly health: GeneratorHealth[];
  readonly failures: ValidityFailure[];
  readonly warnings: ValidityWarning[];
}

export function armInBlock({ service, peakResidentBytes, scenarios }: MeasuredArm): ArmMeasurement {
  const { port, processors, startedInMs, network } = service;
  return {
    port,
    startedInMs,
    processors,
    peakResidentBytes,
    ...(network === undefined ? {} : { network }),
    scenarios: Object.fromEntries(scenarios),
  };
}

/** The worst of all phases at the fixed rate: what the block's validity rests on. */
export function worstHealth(phases: readonly GeneratorHealth[]): GeneratorHealth {
  return phases.reduce<GeneratorHealth>(
    (worst, health) => ({
      busyShare: Math.max(worst.busyShare, health.busyShare),
      latenessP50Us: Math.max(worst.latenessP50Us, health.latenessP50Us),
      latenessP99Us: Math.max(worst.latenessP99Us, health.latenessP99Us),
      queuedWhileIdle: worst.queuedWhileIdle + health.queuedWhileIdle,
      cpuUs: worst.cpuUs + health.cpuUs,
    }),
    { busyShare: 0, latenessP50Us: 0, latenessP99Us: 0, queuedWhileIdle: 0, cpuUs: 0 },
  );
}
