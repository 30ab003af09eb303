import type { LoadGenerator } from "../phase.js";
import { GeneratorGone } from "./generator-gone.js";

/**
 * A generator that is there again after its process was ended by somebody else: what was under way rejects with
 * `GeneratorGone`, and what is asked next gets a new process.
 */
export async function renewedGenerator(start: () => Promise<LoadGenerator>): Promise<LoadGenerator> {
  let current = await start();
  let gone = false;
  const ask = async <T>(question: (generator: LoadGenerator) => Promise<T>): Promise<T> => {
    try {
      if (gone) current = await start();
      gone = false;
      return await question(current);
    } catch (error) {
      gone ||= error instanceof GeneratorGone;
      throw error;
    }
  };
  return {
    get pid() {
      return current.pid;
    },
    get processors() {
      return current.processors;
    },
    run: (...phase) => ask((generator) => generator.run(...phase)),
    logIn: (...login) => ask((generator) => generator.logIn(...login)),
    disconnect: () => current.disconnect(),
    stop: () => current.stop(),
  };
}
