import { copyFile, mkdir } from "node:fs/promises";
import { delimiter, join } from "node:path";
import { fileURLToPath } from "node:url";
import { probeOfAgents } from "../agent-probe.js";
import { listenForAgents } from "../agent-socket.js";
import type { Instrument } from "../instrument.js";
import { LOOKING_VARIABLE, SOCKET_VARIABLES } from "../looking.js";
import { pythonReading } from "./python-readings.js";

/** Between two looks at the stacks of all threads. */
const SAMPLE_EVERY_US = 1000;

/**
 * An injected sitecustomize in every Python process of a service: exact calls by sys.monitoring or sys.setprofile, and
 * the CPU clock of each thread, given to the stacks that a thread of its own finds.
 *
 * @param agentFile - absolute; by default the one beside the running bundle
 */
export function pythonInstrument(
  agentFile = fileURLToPath(new URL("./python-instrument.py", import.meta.url)),
): Instrument {
  return {
    name: "Python",
    async prepare({ looking, environment, checkout, folder }) {
      const socket = await listenForAgents(join(folder, "python.sock"));
      // A copy, because Python compiles it to a file beside it.
      const agentFolder = join(folder, "python");
      await mkdir(agentFolder);
      await copyFile(agentFile, join(agentFolder, "sitecustomize.py"));
      const own = environment["PYTHONPATH"] ?? "";
      return {
        environment: {
          [SOCKET_VARIABLES.python]: socket.path,
          [LOOKING_VARIABLE]: looking,
          PYTHONPATH: own === "" ? agentFolder : `${agentFolder}${delimiter}${own}`,
        },
        attach() {
          const agents = socket.connected();
          if (agents.length === 0) return Promise.resolve(null);
          const versions = [...new Set(agents.map(({ greeting }) => greeting.version))].join(", ");
          const how =
            looking === "calls"
              ? "exact calls, those of functions in C among them"
              : `CPU clocks of its threads, read every ${SAMPLE_EVERY_US} us`;
          return Promise.resolve({
            words: `Python ${versions}: ${how}`,
            processes: agents.map(({ greeting }) => greeting.pid),
            probe: probeOfAgents(agents, looking, {
              parameters: { intervalUs: SAMPLE_EVERY_US },
              read: (reply) => pythonReading(reply, looking, checkout),
            }),
          });
        },
        close: () => socket.close(),
      };
    },
  };
}
