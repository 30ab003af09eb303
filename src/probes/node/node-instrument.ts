import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { probeOfAgents } from "../agent-probe.js";
import { listenForAgents, type ConnectedAgent } from "../agent-socket.js";
import type { AttachedInstrument, Instrument, ProfileReading } from "../instrument.js";
import { LOOKING_VARIABLE, SOCKET_VARIABLES, type Looking } from "../looking.js";
import { AGENT_FILE, callsReading, cpuReading } from "./node-readings.js";
import { callsReply, cpuReply } from "./read-reply.js";

/** Between two samples. More often would cost the service more than it tells. */
const SAMPLE_EVERY_US = 250;

/**
 * V8's own counters and sampler, in every process and worker thread of a Node.js service: an injected file answers over a
 * socket file, so that no port is opened and nothing waits for a debugger.
 *
 * @param agentFile - absolute; by default the one beside the running bundle
 */
export function nodeInstrument(
  agentFile = fileURLToPath(new URL(`./${AGENT_FILE}`, import.meta.url)),
): Instrument {
  return {
    name: "Node.js",
    async prepare({ looking, environment, checkout, folder }) {
      const socket = await listenForAgents(join(folder, "node.sock"));
      return {
        environment: {
          [SOCKET_VARIABLES.node]: socket.path,
          [LOOKING_VARIABLE]: looking,
          NODE_OPTIONS: withRequired(agentFile, environment["NODE_OPTIONS"]),
        },
        attach() {
          const agents = socket.connected();
          return Promise.resolve(agents.length === 0 ? null : attached(agents, looking, checkout));
        },
        close: () => socket.close(),
      };
    },
  };
}

/** The options of the service stay. Source: Node.js, "NODE_OPTIONS": a value with spaces stands in double quotes. */
export function withRequired(file: string, options = ""): string {
  const required = `--require "${file.replace(/["\\]/g, "\\$&")}"`;
  return options.trim() === "" ? required : `${options} ${required}`;
}

function attached(agents: readonly ConnectedAgent[], looking: Looking, checkout: string): AttachedInstrument {
  const versions = [...new Set(agents.map(({ greeting }) => greeting.version))].join(", ");
  const how =
    looking === "calls"
      ? "exact calls by V8's precise coverage"
      : `CPU sampled every ${SAMPLE_EVERY_US} us by V8`;
  return {
    words: `Node.js ${versions}: ${how}`,
    processes: agents.map(({ greeting }) => greeting.pid),
    probe: probeOfAgents(agents, looking, {
      parameters: { intervalUs: SAMPLE_EVERY_US },
      read: (reply) => reading(reply, looking, checkout),
    }),
  };
}

function reading(reply: unknown, looking: Looking, checkout: string): ProfileReading {
  return looking === "calls"
    ? callsReading(callsReply.parse(reply), checkout)
    : cpuReading(cpuReply.parse(reply), checkout, SAMPLE_EVERY_US);
}
