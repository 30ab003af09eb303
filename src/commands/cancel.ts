/** The signals that ask a run to end, with the exit codes by which shells know them. */
const EXIT_CODES = { SIGHUP: 129, SIGINT: 130, SIGQUIT: 131, SIGTERM: 143 } as const;

type CancelSignal = keyof typeof EXIT_CODES;

const SIGNALS = Object.keys(EXIT_CODES) as readonly CancelSignal[];

/** Thrown through a run that was cancelled; its services are stopped on the way. */
export class Cancelled extends Error {
  override readonly name = "Cancelled";
  /** 128 and the number of the signal. */
  readonly exitCode: number;

  constructor(readonly signal: CancelSignal) {
    super(`cancelled by ${signal}`);
    this.exitCode = EXIT_CODES[signal];
  }
}

/**
 * Runs something that can be cancelled by a signal: the first one asks it to stop cleanly, a second one ends the process
 * at once. An error that nobody caught stops it cleanly as well.
 *
 * A closed terminal sends SIGHUP.
 */
export async function cancellable<T>(run: (signal: AbortSignal) => Promise<T>): Promise<T> {
  const controller = new AbortController();
  const cancel = (signal: CancelSignal): void => {
    if (controller.signal.aborted) process.exit(EXIT_CODES[signal]);
    controller.abort(new Cancelled(signal));
  };
  const stop = (error: unknown): void => {
    if (controller.signal.aborted) process.exit(2);
    controller.abort(error);
  };
  for (const signal of SIGNALS) process.on(signal, cancel);
  process.on("uncaughtException", stop);
  try {
    return await run(controller.signal);
  } finally {
    for (const signal of SIGNALS) process.off(signal, cancel);
    process.off("uncaughtException", stop);
  }
}
