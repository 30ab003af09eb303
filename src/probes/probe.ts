/*
 * The port for what is watched while load runs: what a service uses, how noisy its machine is. A probe is made for its
 * subject, started before the load and stopped after it; it never changes what is sent.
 *
 * To add a probe: implement `Probe`, and enter it where the experiment's ports are connected.
 */

/** Ends a reading and gives what was seen since its start. Called once. */
type StopProbe<Reading> = () => Promise<Reading>;

export interface Probe<Reading> {
  /** Begins a reading. Readings of one probe may overlap, as that of a block and those of its scenarios do. */
  start(): Promise<StopProbe<Reading>>;
}

/**
 * Runs `load` between the start and the stop of every probe. A load that fails still stops them, so that no instrument
 * is left running, and fails with its own error.
 */
export async function withProbes<T, Reading>(
  probes: readonly Probe<Reading>[],
  load: () => Promise<T>,
): Promise<{ readonly result: T; readonly readings: readonly Reading[] }> {
  const stops = await Promise.all(probes.map((probe) => probe.start()));
  let result: T;
  try {
    result = await load();
  } catch (error) {
    await Promise.allSettled(stops.map((stop) => stop()));
    throw error;
  }
  return { result, readings: await Promise.all(stops.map((stop) => stop())) };
}
