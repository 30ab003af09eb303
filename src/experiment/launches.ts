import type { ArmPlan } from "../model/plan.js";
import { TailgateError } from "../error.js";
import type { RunningService, StopReport } from "../service/lifecycle/running-service.js";
import type { ExperimentPorts } from "./experiment-ports.js";

/** An arm that did not get ready. */
export interface ArmFailure {
  readonly arm: string;
  readonly error: TailgateError;
}

type Launch =
  | { readonly ok: true; readonly services: readonly RunningService[] }
  | { readonly ok: false; readonly failures: readonly ArmFailure[] };

/**
 * Starts arms in the given order, side by side, and waits until all are ready; services come in that order. When one
 * does not get ready, the others are stopped.
 */
export async function startAll(
  arms: readonly ArmPlan[],
  block: number,
  ports: ExperimentPorts,
): Promise<Launch> {
  const launches = await Promise.allSettled(
    arms.map((arm) => ports.launch(arm, ports.processorsOf(arm.name, block))),
  );
  const services = launches.flatMap((launch) => (launch.status === "fulfilled" ? [launch.value] : []));
  if (services.length === arms.length) return { ok: true, services };

  await stopAll(services);
  const failures = launches.flatMap((launch, index) => {
    if (launch.status === "fulfilled") return [];
    // Anything else is a bug of ours, a cancelled run, or a problem of the machine, such as a full disk.
    if (!(launch.reason instanceof TailgateError) || launch.reason.code !== "service") throw launch.reason;
    return [{ arm: arms[index]!.name, error: launch.reason }];
  });
  return { ok: false, failures };
}

/**
 * Stops every service, whatever happens to the others.
 *
 * @throws TailgateError "service" when processes of one are left, or its port is still taken
 */
export async function stopAll(services: readonly RunningService[]): Promise<void> {
  const stops = await Promise.allSettled(
    services.map(async (service) => {
      requireStopped(service.arm, await service.stop());
    }),
  );
  const failed = stops.find((stop) => stop.status === "rejected");
  if (failed) throw failed.reason;
}

function requireStopped(arm: string, { left, portFree }: StopReport): void {
  if (left.length === 0 && portFree) return;
  const what =
    left.length > 0 ? `processes ${left.join(", ")} of it could not be ended` : "its port is still taken";
  throw new TailgateError(
    "service",
    `${arm} was stopped, but ${what}.`,
    "The service must end on SIGTERM together with every process it started, and no supervisor may start it again.",
  );
}
