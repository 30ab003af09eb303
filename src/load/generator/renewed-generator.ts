import type { LoadGenerator } from "../phase.js";
import { GeneratorGone } from "./generator-gone.js";

/**
 * A generator that is there again after its process was ended by somebody else: the phase that was under way rejects
 * with `GeneratorGone`, and the next one gets a new process.
 */
export async function renewedGenerator(start: () => Promise<LoadGenerator>): Promise<LoadGenerator> {
  let current = await start();
  let gone = false;
  return {
    get pid() {
      return current.pid;
    },
    get processors() {
      return current.processors;
    },
    async run(phase, signal, onProgress) {
      try {
        if (gone) current = await start();
        gone = false;
        return await current.run(phase, signal, onProgress);
      } catch (error) {
        gone ||= error instanceof GeneratorGone;
        throw error;
      }
    },
    disconnect: () => current.disconnect(),
    stop: () => current.stop(),
  };
}
