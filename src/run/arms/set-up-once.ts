import { TailgateError } from "../../error.js";

/** What is set up once for a whole run, whichever arm comes to it first. */
export interface SetUpOnce {
  /**
   * Runs the command that is given first; later ones are not run.
   *
   * @throws what it throws
   */
  run(command: string | undefined, by: (command: string) => Promise<unknown>): Promise<void>;
  /** Why it failed; `null`: it did not. Nothing may be measured then, whatever the arms do without it. */
  readonly failure: TailgateError | null;
}

export function setUpOnce(): SetUpOnce {
  let begun = false;
  let failure: TailgateError | null = null;
  return {
    get failure() {
      return failure;
    },
    async run(command, by) {
      if (begun || command === undefined) return;
      begun = true;
      try {
        await by(command);
      } catch (error) {
        if (error instanceof TailgateError) failure = error;
        throw error;
      }
    },
  };
}
