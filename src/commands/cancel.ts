/** Thrown through a run that was cancelled; its services are stopped on the way. */
export class Cancelled extends Error {
  override readonly name = "Cancelled";

  constructor(readonly signal: "SIGINT" | "SIGTERM") {
    super(`cancelled by ${signal}`);
  }
}

/**
 * Runs something that can be cancelled by SIGINT or SIGTERM: the first one asks it to stop cleanly, a second one
 * ends the process at once.
 */
export async function cancellable<T>(run: (signal: AbortSignal) => Promise<T>): Promise<T> {
  const controller = new AbortController();
  const cancel = (signal: NodeJS.Signals): void => {
    if (controller.signal.aborted) process.exit(signal === "SIGINT" ? 130 : 143);
    controller.abort(new Cancelled(signal === "SIGINT" ? "SIGINT" : "SIGTERM"));
  };
  process.on("SIGINT", cancel);
  process.on("SIGTERM", cancel);
  try {
    return await run(controller.signal);
  } finally {
    process.off("SIGINT", cancel);
    process.off("SIGTERM", cancel);
  }
}
